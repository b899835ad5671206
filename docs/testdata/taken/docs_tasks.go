package taken

func save(body NewOrder) (Order, error) { return Order{}, nil }

func writeAudit(ctx context.Context, order Order) error { return nil }

//taken:for EnqueueSendReceipt
//bggen:task
func SendReceipt(ctx context.Context, order int64) error { return nil }
