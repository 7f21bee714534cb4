drop function keep_set_aside();
