package nats_test

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/engine/enginetest"
	"github.com/bggen/bggen/runtime/nats"
	"github.com/bggen/bggen/runtime/nats/embedded"
)

// What a process is told that is a server, to be killed.
const (
	dirVar  = "BGGEN_NATSTEST_DIR"
	portVar = "BGGEN_NATSTEST_PORT"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(dirVar); dir != "" {
		port, _ := strconv.Atoi(os.Getenv(portVar)) // it is what startServer has said
		s, err := embedded.Start(embedded.Options{Dir: dir, Port: port})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(s.URL())
		select {}
	}
	enginetest.Main(m, open)
}

func open(address string) (engine.Engine, func() error, error) {
	e, err := nats.Config{Lease: 3 * time.Second, Queues: map[string]int{"slow": 0}}.Open(address)
	if err != nil {
		return nil, nil, err
	}
	return e, e.Close, nil
}

func TestConformance(t *testing.T) {
	t.Parallel()
	enginetest.Run(t, enginetest.Options{Open: open, Storage: storage, Queue: "slow", Server: killable})
}

// storage is a server in this process, with nothing in it.
func storage(t testing.TB) string {
	s, err := embedded.Start(embedded.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.URL()
}

// killable is a server in a process of its own.
func killable(t testing.TB) enginetest.Server {
	dir, port := t.TempDir(), freePort(t)
	var process *exec.Cmd
	kill := func(testing.TB) {
		process.Process.Kill()
		process.Wait()
	}
	start := func(t testing.TB) {
		t.Helper()
		process = exec.Command(os.Args[0])
		process.Env = append(os.Environ(), dirVar+"="+dir, fmt.Sprint(portVar, "=", port))
		process.Stderr = os.Stderr
		out, err := process.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		if said, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.HasPrefix(said, "nats://") {
			t.Fatalf("the server does not start: %q, %v", said, err)
		}
	}
	start(t)
	t.Cleanup(func() { kill(t) })
	return enginetest.Server{Address: fmt.Sprintf("nats://127.0.0.1:%d", port), Kill: kill, Start: start}
}

// freePort is a port that nobody uses.
func freePort(t testing.TB) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func BenchmarkEngine(b *testing.B) {
	enginetest.Bench(b, enginetest.Options{Open: open, Storage: storage})
}
