package bgtest

import (
	"context"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/core"
)

// Clock starts the periodic tasks of runner when they are due, until the test ends, as
// runtime.Serve and runtime.Work do. A task that fails in its last attempt fails the test.
// In a bubble of testing/synctest a day passes at once:
//
//	synctest.Test(t, func(t *testing.T) {
//		bgtest.Clock(t, &runner)
//		time.Sleep(24 * time.Hour)
//		synctest.Wait()
//		...
//	})
//
// To start one run, whether it is due or not, call Trigger of the runner.
func Clock(t testing.TB, runner *runtime.Runner) {
	runner.Core().OnFailure(func(info core.Info, err error) {
		t.Errorf("background task %s of %s failed: %v", info.Name, info.Handler, err)
	})
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		runner.Core().RunPeriodics(ctx)
		close(over)
	}()
	t.Cleanup(func() {
		cancel()
		<-over
	})
}
