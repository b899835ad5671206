package generic

//bggen:route GET /
func Home[T any](v T) {}

type Box[T any] struct{ v T }

//bggen:route GET /box
func (b *Box[T]) Get() {}
