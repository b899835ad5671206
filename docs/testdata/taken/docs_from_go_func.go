package taken

func sendMail(ctx context.Context, email string) error { return nil }
