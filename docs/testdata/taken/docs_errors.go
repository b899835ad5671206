package taken

type Article struct{ Title string }

func find(ctx context.Context, id int64) (Article, error) { return Article{}, nil }
