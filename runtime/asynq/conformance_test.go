package asynq_test

import (
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/enginetest"
)

func TestMain(m *testing.M) { enginetest.Main(m, open) }

func TestConformance(t *testing.T) {
	enginetest.Run(t, enginetest.Options{
		Open:    open,
		Storage: storage,
		Server:  server,
		Queue:   otherQueue,
		// A lease of 30 seconds, 30 more for clocks that differ, and a look every
		// minute: asynq has no options for these.
		Recovery: 150 * time.Second,
	})
}
