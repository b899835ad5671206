package taken

func onlyAdmins(r *http.Request) error { return nil }
