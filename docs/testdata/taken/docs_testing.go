package taken

const token = "secret"

func openDB(t *testing.T) *sql.DB { return nil }
