package taken

type User struct{ Email string }

func insert(ctx context.Context, name string) (User, error) { return User{}, nil }

func welcome(email string) error { return nil }
