package celery_test

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/celery"
	"github.com/bggen/bggen/runtime/engine"
	amqp "github.com/rabbitmq/amqp091-go"
	"github.com/redis/go-redis/v9"
)

// The servers. The database of Redis is one that hardly anyone uses.
var (
	redisURL  = cmp.Or(os.Getenv("BGGEN_REDIS"), "redis://127.0.0.1:6379/13")
	rabbitURL = cmp.Or(os.Getenv("BGGEN_RABBITMQ"), "amqp://guest:guest@127.0.0.1:5672//")
)

// missing skips a test for what is not there, or fails it where all has to be.
func missing(t testing.TB, what string, err error, command string) {
	t.Helper()
	text := fmt.Sprintf("%s is missing (%v): start or install it with\n\t%s", what, err, command)
	if os.Getenv("BGGEN_REQUIRE_SERVICES") == "1" {
		t.Fatal(text)
	}
	t.Skip(text)
}

func needRedis(t testing.TB) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(redisURL)
	if err != nil {
		t.Fatal(err)
	}
	options.MaxRetries, options.DialerRetries = -1, 1 // it is there or not
	client := redis.NewClient(options)
	if err := client.Ping(t.Context()).Err(); err != nil {
		client.Close()
		missing(t, "Redis", err, "redis-server --daemonize yes --bind 127.0.0.1 --port 6379 --appendonly no")
	}
	t.Cleanup(func() { client.Close() })
	return client
}

func needRabbit(t testing.TB) *amqp.Channel {
	t.Helper()
	conn, err := amqp.Dial(rabbitURL)
	if err != nil {
		missing(t, "RabbitMQ", err, "rabbitmq-server -detached")
	}
	t.Cleanup(func() { conn.Close() })
	channel, err := conn.Channel()
	if err != nil {
		t.Fatal(err)
	}
	return channel
}

// newQueue is a queue on both servers, as far as they are there, that no one
// else uses.
func newQueue(t testing.TB) string {
	queue := "bggen.test." + rand.Text()
	t.Cleanup(func() { deleteQueue(queue) })
	return queue
}

func deleteQueue(queue string) {
	ctx := context.Background()
	if options, err := redis.ParseURL(redisURL); err == nil {
		client := redis.NewClient(options)
		client.Del(ctx, queue, "_kombu.binding."+queue)
		client.Close()
	}
	if conn, err := amqp.Dial(rabbitURL); err == nil {
		if channel, err := conn.Channel(); err == nil {
			channel.QueueDelete(queue, false, false, false)
		}
		conn.Close()
	}
}

// declare makes a queue of RabbitMQ, as a worker would.
func declare(t testing.TB, channel *amqp.Channel, queue string, args amqp.Table) {
	t.Helper()
	if _, err := channel.QueueDeclare(queue, true, false, false, false, args); err != nil {
		t.Fatal(err)
	}
}

// open opens an engine that is closed with the test.
func open(t testing.TB, url string, opts ...celery.Option) *celery.Engine {
	t.Helper()
	e, err := celery.Open(url, append([]celery.Option{celery.Logger(slog.New(slog.DiscardHandler))}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return e
}

// newCall is a call as the runner makes one.
func newCall(name, args string) engine.Call {
	return engine.Call{ID: rand.Text(), Name: name, Args: json.RawMessage(args), Attempts: 1}
}

// A fleet is a broker and a result backend, and a worker between them.
type fleet struct {
	name, broker, backend string

	once  sync.Once
	queue string
	err   error
	end   func()
}

var fleets = []*fleet{
	{name: "redis", broker: redisURL, backend: redisURL},
	{name: "rabbitmq", broker: rabbitURL, backend: "rpc://"},
	{name: "rabbitmq with results in redis", broker: rabbitURL, backend: redisURL},
}

// eachFleet runs f with a worker of each kind.
func eachFleet(t *testing.T, f func(*testing.T, *fleet)) {
	for _, one := range fleets {
		t.Run(one.name, func(t *testing.T) {
			one.start(t)
			f(t, one)
		})
	}
}

// open opens an engine for the fleet, that publishes to the queue of its worker.
func (f *fleet) open(t testing.TB, opts ...celery.Option) *celery.Engine {
	t.Helper()
	return open(t, f.broker, append([]celery.Option{celery.Queue(f.queue), celery.Results(f.backend)}, opts...)...)
}

// start starts the worker, once for all tests.
func (f *fleet) start(t testing.TB) {
	t.Helper()
	needRedis(t)
	if f.broker == rabbitURL {
		needRabbit(t)
	}
	python, err := findCelery()
	if err != nil {
		missing(t, "Celery", err, "apt-get install -y celery python3-celery python3-redis")
	}
	f.once.Do(func() {
		f.queue = "bggen.test." + rand.Text()
		f.err = f.run(python)
	})
	if f.err != nil {
		t.Fatal(f.err)
	}
}

// findCelery finds the Python that has it: not always the first in the path.
var findCelery = sync.OnceValues(func() (python string, err error) {
	for _, python = range []string{"python3", "/usr/bin/python3"} {
		if err = exec.Command(python, "-c", "import celery, redis, amqp").Run(); err == nil {
			return python, nil
		}
	}
	return "", fmt.Errorf("no python3 can import it: %w", err)
})

// run starts the worker and returns when it consumes.
func (f *fleet) run(python string) error {
	cmd := exec.Command(python, "-m", "celery", "-A", "tasks", "worker", "-l", "INFO", "-P", "prefork", "-c", "1",
		"-Q", f.queue, "-n", f.queue+"@%h", "--without-gossip", "--without-mingle", "--without-heartbeat")
	cmd.Dir = "testdata"
	cmd.Env = append(os.Environ(), "BROKER="+f.broker, "BACKEND="+f.backend, "PYTHONDONTWRITEBYTECODE=1")
	stdin, err := cmd.StdinPipe() // it ends when this process does
	if err != nil {
		return err
	}
	output, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		return err
	}
	ready, said := make(chan bool, 1), make(chan string, 1)
	go func() {
		var all strings.Builder
		lines := bufio.NewScanner(output)
		lines.Buffer(nil, 16<<20) // a line has the result of a task
		for lines.Scan() {
			all.WriteString(lines.Text() + "\n")
			if strings.HasSuffix(strings.TrimSpace(lines.Text()), "ready.") {
				ready <- true
				all.Reset()
				break
			}
		}
		if all.Len() > 0 {
			said <- all.String()
		}
		io.Copy(io.Discard, output)
	}()
	ended := make(chan error, 1)
	go func() {
		ended <- cmd.Wait()
		w.Close()
	}()
	f.end = func() {
		cmd.Process.Signal(syscall.SIGQUIT) // nothing has to be waited for
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			cmd.Process.Kill()
			<-ended
		}
		stdin.Close()
		deleteQueue(f.queue)
	}
	select {
	case <-ready:
		return nil
	case err := <-ended:
		return fmt.Errorf("the worker has ended: %w\n%s", err, <-said)
	case <-time.After(time.Minute):
		cmd.Process.Kill()
		return fmt.Errorf("the worker is not ready after a minute:\n%s", <-said)
	}
}

func TestMain(m *testing.M) {
	redis.SetLogger(quiet{}) // it writes of each connection that tests have cut
	code := m.Run()
	var all sync.WaitGroup
	for _, f := range fleets {
		if f.end != nil {
			all.Go(f.end)
		}
	}
	all.Wait()
	os.Exit(code)
}

type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}
