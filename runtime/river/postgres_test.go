package river_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/engine/enginetest"
	"github.com/jackc/pgx/v5"
)

// startPostgres starts a server with a new cluster, for a test that kills it.
func startPostgres(t testing.TB) enginetest.Server {
	// Not t.TempDir: the user that the server runs as could not enter it.
	dir, err := os.MkdirTemp("", "bggen-postgres-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return startPostgresIn(t, dir)
}

// fullPostgres is a server whose disk can be full. It ends when it can write no more:
// freeing the disk starts it again, as who looks after it would.
func fullPostgres(t testing.TB) (address string, fill, free func(testing.TB)) {
	dir, fill, remove := enginetest.SmallDisk(t, 128)
	s := startPostgresIn(t, dir, "--wal-segsize=1")
	return s.Address, fill, func(t testing.TB) {
		remove(t)
		s.Start(t)
	}
}

func startPostgresIn(t testing.TB, dir string, options ...string) enginetest.Server {
	initdb, err := exec.LookPath("initdb")
	if err != nil {
		missing(t, "no initdb in the PATH: it comes with PostgreSQL, in /usr/lib/postgresql/15/bin for one", err)
	}
	s := &cluster{dir: filepath.Join(dir, "cluster"), as: asPostgres(t)}
	if err := os.Mkdir(s.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if s.as != nil {
		if err := os.Chown(s.dir, int(s.as.Uid), int(s.as.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	init := s.command(initdb, append(options, "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "-D", s.dir)...)
	if out, err := init.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	port := freePort(t)
	s.args = []string{"-D", s.dir, "-p", port, "-h", "127.0.0.1", "-c", "unix_socket_directories="}
	s.address = "postgres://postgres@127.0.0.1:" + port + "/postgres?sslmode=disable"
	t.Cleanup(func() { s.kill(t) })
	s.start(t)
	return enginetest.Server{Address: s.address, Kill: s.kill, Start: s.start}
}

// A cluster is a PostgreSQL server of a test's own.
type cluster struct {
	dir     string
	args    []string
	address string
	as      *syscall.Credential // nil: as the test
	running *exec.Cmd
	ended   chan struct{} // closed when running has ended; nil: none has begun
}

// asPostgres is who the server runs as: it refuses to as root.
func asPostgres(t testing.TB) *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		missing(t, "PostgreSQL does not run as root, and there is no user postgres", err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

func (s *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = s.dir
	if s.as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as}
	}
	return cmd
}

// start starts the server, unless it runs, until it answers. The one that was killed
// may still be ending: then it ends at once itself.
func (s *cluster) start(t testing.TB) {
	t.Helper()
	path, err := exec.LookPath("postgres")
	if err != nil {
		missing(t, "no postgres in the PATH: it is in /usr/lib/postgresql/15/bin for one", err)
	}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if s.ended == nil {
			s.running, s.ended = s.command(path, s.args...), make(chan struct{})
			if err := s.running.Start(); err != nil {
				t.Fatal(err)
			}
			go func(cmd *exec.Cmd, ended chan struct{}) {
				cmd.Wait()
				close(ended)
			}(s.running, s.ended)
		}
		if err := answers(s.address); err == nil {
			return
		}
		select {
		case <-s.ended:
			s.ended = nil
		default:
		}
	}
	t.Fatal("the PostgreSQL server does not start")
}

func answers(address string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// kill kills the server and its children, which would answer for a moment.
func (s *cluster) kill(testing.TB) {
	if s.running == nil {
		return
	}
	pid := s.running.Process.Pid
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid)) // elsewhere they end by themselves
	s.running.Process.Kill()
	for _, child := range strings.Fields(string(children)) {
		if n, err := strconv.Atoi(child); err == nil {
			syscall.Kill(n, syscall.SIGKILL)
		}
	}
	s.running, s.ended = nil, nil
}

func freePort(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}
