package unnamed

//bggen:route GET /query
func Query(_ string, int2 int) {}

//bggen:route GET /type
func Type(string) {}

//bggen:task
func Task(string) {}
