// Package enginetest checks that an engine keeps what [engine.Engine]
// promises: one suite for all of them, and for the runner without an engine
// where it applies.
//
// The test of an engine says how it is opened. The suite starts processes of
// its own, to kill them: they are the test binary again, so that its TestMain
// has to call [Main].
//
//	func TestMain(m *testing.M) { enginetest.Main(m, open) }
//
//	func TestConformance(t *testing.T) {
//		enginetest.Run(t, enginetest.Options{Open: open, Storage: storage})
//	}
//
// Every crash test kills 20 times, at random moments. BGGEN_KILLS=n in the
// environment changes that; with -short it is 3. With -tags faults there are tests
// that cut and stall the network and fill the storage so often. BGGEN_LOAD=10m has tasks
// stored and run at a steady rate for so long. Tables at the end say what became of the
// tasks, and what they have left behind.
package enginetest
