package taken

var fleet *celery.Engine

var id runtime.TaskID
