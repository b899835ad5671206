package bad_pattern

//bggen:route GET /a/{b
func Open() {}

//bggen:route GET /a/{b}{c}
func Two(b, c string) {}

//bggen:route GET /a/{b}/{b}
func Same(b string) {}

//bggen:route GET /fine
func Fine() {}

//bggen:route GET https://example.com/x
func Scheme() {}
