package bad_task

//bggen:task
func Returns() int { return 0 }

//bggen:task
func Channel(c chan int) {}

//bggen:task
func Function(done func()) {}

//bggen:task
func Any(v any) {}

type hidden struct{ Shown, hidden int }

//bggen:task
func Hidden(h hidden) {}

//bggen:task
func Nested(list map[string][]hidden) {}

//bggen:task
func Keys(m map[float64]int) {}
