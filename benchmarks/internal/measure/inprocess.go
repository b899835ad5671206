package measure

import (
	"runtime"
	"syscall"
	"time"
)

// A Cost is what a number of calls in this process took, for each of them.
type Cost struct {
	Wall, CPU     float64 // ns; processor time is that of all threads
	Bytes, Allocs float64
}

// Calls measures f, which makes n calls of something. Garbage of whoever was
// measured before is collected first.
func Calls(n int, f func(n int)) (Cost, error) {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, err := ownCPU()
	if err != nil {
		return Cost{}, err
	}
	start := time.Now()
	f(n)
	wall := time.Since(start)
	end, err := ownCPU()
	if err != nil {
		return Cost{}, err
	}
	runtime.ReadMemStats(&after)
	each := func(total uint64) float64 { return float64(total) / float64(n) }
	return Cost{
		Wall:   each(uint64(wall)),
		CPU:    each(uint64(end - cpu)),
		Bytes:  each(after.TotalAlloc - before.TotalAlloc),
		Allocs: each(after.Mallocs - before.Mallocs),
	}, nil
}

// ownCPU is the processor time of this process so far, in steps of a
// microsecond.
func ownCPU() (time.Duration, error) {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0, err
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano()), nil
}
