package taken

type Item struct {
	Name string `json:"name"`
}

type Report struct{ Title string }

type Booking struct{ From, To time.Time }

type Credentials struct{ Name, Password string }

type Profile struct{ Name string }

func check(c Credentials) (Profile, string, error) { return Profile{c.Name}, "", nil }

func rename(id int64, name string) error { return nil }
