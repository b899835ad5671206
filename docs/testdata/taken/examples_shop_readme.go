package taken

var s struct {
	sell func(ctx context.Context, order int64, l NewLine) (NewLine, error)
}

type NewLine struct{ Product, Quantity int }

var order Order

var bg *runtime.BackgroundTasks
