package booking

import (
	"fmt"
	"testing"
)

// BenchmarkAdapter is for profiles:
//
//	go test -run '^$' -bench Adapter/0/bggen -cpuprofile cpu.pprof ./internal/booking
//	go test -run '^$' -bench Adapter/0/bggen -benchtime 10000x -memprofile mem.pprof -memprofilerate 1 ./internal/booking
//
// To compare, use the part adapter: it lets the sides alternate.
func BenchmarkAdapter(b *testing.B) {
	for tasks := range 3 {
		for _, side := range Sides(tasks) {
			b.Run(fmt.Sprintf("%d/%s", tasks, side.Name), func(b *testing.B) {
				d, err := side.Open(tasks)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				b.ResetTimer()
				d.Serve(b.N)
			})
		}
	}
}

// Every side serves, and runs its tasks.
func TestDrive(t *testing.T) {
	for tasks := range 3 {
		for _, side := range Sides(tasks) {
			d, err := side.Open(tasks)
			if err != nil {
				t.Fatal(err)
			}
			before := ran.Load()
			d.Serve(3 * burst)
			if got := ran.Load() - before; got != int64(3*burst*tasks) {
				t.Errorf("%s has run %d tasks for %d requests, want %d each", side.Name, got, 3*burst, tasks)
			}
		}
	}
}
