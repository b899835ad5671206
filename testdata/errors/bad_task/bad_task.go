package bad_task

import (
	"context"
	"io"
	"time"
)

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

//bggen:task timeout=x attempts=0 limit=-1 engine= backoff=1 queue=a queue=b args=a,a was=a,
func Options() {}

//bggen:task
type NoName func()

//bggen:task name=a limit=1
type Limited func(d time.Duration, r io.Reader, ctx context.Context)

//bggen:task name=b args=a,b,c
type Three func(a, b string)

//bggen:task name=c args=a,a
type Twice func(a, b string)

//bggen:task name=d
type Results func() error

//bggen:task name=e
type NoFunc string

//bggen:task
func Service(w io.Writer, db *hidden) {}

//bggen:task args=order
func Both(ctx context.Context, shop string, order int64) {}

//bggen:task args=order
func None(ctx context.Context) {}

//bggen:task name=f was=f
func Itself() {}

//bggen:task name=g was=h,i
func Before() {}

//bggen:task name=h was=i
func Now() {}

//bggen:task name=j was=k
type Elsewhere func()
