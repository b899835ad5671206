package nats_test

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/engine/enginetest"
	"github.com/bggen/bggen/runtime/nats"
	"github.com/bggen/bggen/runtime/nats/embedded"
	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
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
	e, err := nats.Config{Lease: 3 * time.Second, Queues: map[string]int{"slow": 4}}.Open(address)
	if err != nil {
		return nil, nil, err
	}
	return e, e.Close, nil
}

func TestConformance(t *testing.T) {
	t.Parallel()
	enginetest.Run(t, enginetest.Options{
		Open: open, Storage: storage, Queue: "slow",
		Server: func(t testing.TB) enginetest.Server { return killable(t, t.TempDir()) },
		Full:   fullNATS,
		Load:   &enginetest.Load{Open: openKeeping, Keep: 15 * time.Second, Stored: size},
	})
}

// storage is a server in this process, with nothing in it.
func storage(t testing.TB) string {
	dir := t.TempDir()
	s, err := embedded.Start(embedded.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	dirs.Store(s.URL(), dir)
	return s.URL()
}

// dirs has the folders of the servers of storage, by their addresses.
var dirs sync.Map

// openKeeping has the server forget in ten seconds what has succeeded, and not in five
// minutes.
func openKeeping(address string) (engine.Engine, func() error, error) {
	e, err := nats.Config{Keep: 10 * time.Second}.Open(address)
	if err != nil {
		return nil, nil, err
	}
	return e, e.Close, nil
}

// size is how many messages a server has, and how many bytes are in its files.
func size(t testing.TB, address string) (messages int, bytes int64) {
	conn, err := client.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := js.Stream(t.Context(), "bggen")
	if err != nil {
		t.Fatal(err)
	}
	dir, _ := dirs.Load(address)
	filepath.WalkDir(dir.(string), func(_ string, f os.DirEntry, err error) error {
		if err == nil {
			if info, err := f.Info(); err == nil { // it may have been removed
				bytes += info.Size()
			}
		}
		return nil
	})
	return int(stream.CachedInfo().State.Msgs), bytes
}

// fullNATS is a server whose disk can be full. When it could not write once, it writes
// nothing any more: freeing the disk starts it again, as who looks after it has to.
func fullNATS(t testing.TB) (address string, fill, free func(testing.TB)) {
	dir, fill, remove := enginetest.SmallDisk(t, 32)
	s := killable(t, filepath.Join(dir, "server"))
	return s.Address, fill, func(t testing.TB) {
		remove(t)
		s.Kill(t)
		s.Start(t)
	}
}

// killable is a server in a process of its own.
func killable(t testing.TB, dir string) enginetest.Server {
	port := freePort(t)
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
	var conn *client.Conn
	enginetest.Bench(b, enginetest.Options{
		Open: open, Storage: storage,
		Idle: func(address string) (engine.Engine, func() error, error) {
			var err error
			if conn, err = client.Connect(address); err != nil {
				return nil, nil, err
			}
			e, err := nats.New(conn)
			if err != nil {
				return nil, nil, err
			}
			return e, func() error { e.Close(); conn.Close(); return nil }, nil
		},
		Asked: func(testing.TB, string) func() int64 { // messages to the server
			return func() int64 { return int64(conn.Stats().OutMsgs) }
		},
	})
}
