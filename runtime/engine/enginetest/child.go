package enginetest

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/engine"
)

// What a child is told, in its environment.
const (
	roleVar    = "BGGEN_ENGINETEST_ROLE"
	addressVar = "BGGEN_ENGINETEST_ADDRESS"
	ledgerVar  = "BGGEN_ENGINETEST_LEDGER"
)

// Main is the TestMain of an engine: it runs the tests, or is one of the
// processes that they start. It does not return.
func Main(m *testing.M, open func(address string) (engine.Engine, func() error, error)) {
	role := os.Getenv(roleVar)
	if role == "" {
		status := m.Run()
		printTables(os.Stdout)
		os.Exit(status)
	}
	if err := runChild(role, open); err != nil {
		fmt.Fprintln(os.Stderr, role+":", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// runChild is a web process or a worker, until it is killed.
func runChild(role string, open func(string) (engine.Engine, func() error, error)) error {
	stored, closeEngine, err := open(os.Getenv(addressVar))
	if err != nil {
		return err
	}
	defer closeEngine()
	runner := &runtime.Runner{Engine: stored}
	l := ledger(os.Getenv(ledgerVar))
	if strings.HasSuffix(role, "clock") {
		return runClock(runner, l, role != "clock")
	}
	task := registerNoted(runner, l)
	registerStuck(runner, l)
	if role == "worker" {
		fmt.Println("ready")
		return runtime.Work(context.Background(), runner)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: acceptor(runner, task)}
	runner.Attach(server)
	fmt.Println("ready", listener.Addr())
	return server.Serve(listener)
}

// registerNoted registers the task of the crash tests: it notes at its end that
// it has run.
func registerNoted(runner *runtime.Runner, l ledger) *adapter.TaskDef[string] {
	def := adapter.NewTaskDef[string]("enginetest.noted")
	def.Register(runner, func(ctx context.Context, id string) error {
		time.Sleep(rand.N(40 * time.Millisecond)) // so that there is a middle of it
		if info, _ := runtime.InfoOf(ctx); info.Attempt != 1 {
			return l.note(fmt.Sprint(id, wrongAttempt, info.Attempt))
		}
		return l.note(id)
	})
	return def
}

// stuck is a task that notes that it has begun, and does not end.
const stuck = "enginetest.stuck"

func registerStuck(runner *runtime.Runner, l ledger) {
	adapter.NewTaskDef[struct{}](stuck).Register(runner, func(context.Context, struct{}) error {
		if err := l.note(stuck); err != nil {
			return err
		}
		select {}
	})
}

// acceptor is a handler that adds the task with the id in the query.
func acceptor(runner *runtime.Runner, def *adapter.TaskDef[string]) http.Handler {
	return adapter.NewWithTasks("enginetest.accept", runner, nil, func(x *adapter.Exchange) error {
		if err := x.Ready(); err != nil {
			return err
		}
		def.Enqueue(x.Tasks(), x.Request().URL.Query().Get("id"), nil)
		return adapter.NoContent(x, http.StatusAccepted)
	})
}

// A child is a process of the suite's own, to be killed.
type child struct {
	cmd   *exec.Cmd
	ready string // what it has said beside that it is ready
	log   *buffer
}

// startChild starts a child and waits until it is ready.
func startChild(t testing.TB, role, address string, l ledger) *child {
	t.Helper()
	c := &child{cmd: exec.Command(os.Args[0]), log: new(buffer)}
	c.cmd.Env = append(os.Environ(), roleVar+"="+role, addressVar+"="+address, ledgerVar+"="+string(l))
	c.cmd.Stderr = c.log
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.kill)
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(said, "ready") {
		c.kill()
		t.Fatalf("the %s process does not start (%v), but does its TestMain call enginetest.Main? %s%s", role, err, said, c.log)
	}
	c.ready = strings.TrimSpace(strings.TrimPrefix(said, "ready"))
	return c
}

// kill is kill -9.
func (c *child) kill() {
	c.cmd.Process.Kill()
	c.cmd.Wait()
}

// stop is what Kubernetes does: the process has to end by itself.
func (c *child) stop(t testing.TB) {
	t.Helper()
	c.cmd.Process.Signal(syscall.SIGTERM)
	if err := c.cmd.Wait(); err != nil {
		t.Errorf("a process that was told to stop: %v\n%s", err, c.log)
	}
}

// A ledger is a file where processes note what has run.
type ledger string

// wrongAttempt is between the id and the attempt of a task that never failed,
// and was told that it had.
const wrongAttempt = " as attempt "

func (l ledger) note(id string) error {
	file, err := os.OpenFile(string(l), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.WriteString(id + "\n")
	return err
}

// lines is what has been noted.
func (l ledger) lines() []string {
	text, _ := os.ReadFile(string(l)) // nothing was noted, if it is not there
	return strings.FieldsFunc(string(text), func(c rune) bool { return c == '\n' })
}

// await waits until something is noted.
func (l ledger) await(t testing.TB, id string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if missing, _, _ := l.missing([]string{id}); len(missing) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not run within %v", id, patience)
		}
	}
}

// missing is those of ids that have not been noted, how often others were noted
// again, and how many took a crash for a failure of theirs.
func (l ledger) missing(ids []string) (missing []string, again, wrong int) {
	times := map[string]int{}
	for _, line := range l.lines() {
		id, _, counted := strings.Cut(line, wrongAttempt)
		if counted {
			wrong++
		}
		times[id]++
	}
	for _, n := range times {
		again += n - 1
	}
	for _, id := range ids {
		if times[id] == 0 {
			missing = append(missing, id)
		}
	}
	return missing, again, wrong
}
