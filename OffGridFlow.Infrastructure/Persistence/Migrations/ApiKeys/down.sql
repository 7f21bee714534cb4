drop function find_api_key(bytea), find_api_key_by_id(uuid), note_api_key_use(uuid, text), find_session_of_refresh(bytea), ended_by_reuse(bytea, bytea);
drop type api_key_row;
