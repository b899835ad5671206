package enginetest_test

import (
	"testing"

	"github.com/bggen/bggen/runtime/engine/enginetest"
)

// TestRunner has the runner alone keep what does not need an engine.
func TestRunner(t *testing.T) { enginetest.Run(t, enginetest.Options{}) }
