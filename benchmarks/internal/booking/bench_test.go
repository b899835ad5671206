package booking

import (
	"fmt"
	goruntime "runtime"
	"syscall"
	"testing"
)

// BenchmarkAdapter compares a generated adapter with the same handler by hand:
// one request after the other, without a network. cpu-ns/op is the processor
// time of all threads: tasks and the collection of garbage run beside the
// handler, and wall time does not see all of them. For a profile:
//
//	go test -run '^$' -bench Adapter/tasks=1/side=bggen -cpuprofile cpu.pprof ./internal/booking
func BenchmarkAdapter(b *testing.B) {
	for tasks := range 3 {
		for _, side := range Sides(tasks) {
			b.Run(fmt.Sprintf("tasks=%d/side=%s", tasks, side.Name), func(b *testing.B) {
				d, err := side.Open(tasks)
				if err != nil {
					b.Fatal(err)
				}
				goruntime.GC()
				b.ReportAllocs()
				before := processorTime(b)
				b.ResetTimer()
				d.Serve(b.N)
				b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu-ns/op")
			})
		}
	}
}

// processorTime is what this process has used so far, in nanoseconds.
func processorTime(b *testing.B) int64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return r.Utime.Nano() + r.Stime.Nano()
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
