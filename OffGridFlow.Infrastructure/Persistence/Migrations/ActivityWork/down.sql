drop function discard_draft(uuid);
