package contender

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed fastapi.py
var fastAPI []byte

// python is Debian's, for which its packages are installed; another one may
// come first in the path.
const python = "/usr/bin/python3"

// ErrNoFastAPI says how to get FastAPI.
var ErrNoFastAPI = errors.New("apt-get install python3-fastapi uvicorn python3-uvloop python3-httptools")

// hasFastAPI reports whether Debian's Python has what FastAPI needs.
func hasFastAPI(ctx context.Context) bool {
	return exec.CommandContext(ctx, python, "-c", "import fastapi, uvicorn").Run() == nil
}

// IsPython reports whether c is served by uvicorn.
func (c Contender) IsPython() bool { return c.app == nil }

// A Process serves one contender.
type Process struct {
	URL  string
	cmd  *exec.Cmd
	read chan struct{} // closed when its output has ended
}

// Start starts a process for c, and returns when it answers. What it needs is
// written to dir.
func (c Contender) Start(ctx context.Context, dir string) (*Process, error) {
	cmd, addr, err := c.command(ctx, dir)
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &Process{cmd: cmd, read: make(chan struct{})}
	listening := make(chan string, 1)
	go p.follow(stdout, listening)
	if addr == "" {
		select {
		case addr = <-listening:
		case <-p.read:
		}
	}
	p.URL = "http://" + addr
	if err := p.ready(ctx); err != nil {
		p.Kill()
		return nil, fmt.Errorf("starting %s: %w", c.Name, err)
	}
	return p, nil
}

// command is the command that serves c, and where it listens if that is known
// beforehand.
func (c Contender) command(ctx context.Context, dir string) (cmd *exec.Cmd, addr string, err error) {
	if !c.IsPython() {
		self, err := os.Executable()
		cmd := exec.CommandContext(ctx, self, ChildArg, c.key)
		cmd.Env = append(os.Environ(), c.vars...)
		return cmd, "", err
	}
	if !hasFastAPI(ctx) {
		return nil, "", ErrNoFastAPI
	}
	if err := os.WriteFile(filepath.Join(dir, "contender.py"), fastAPI, 0o644); err != nil {
		return nil, "", err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") // to find a port that is free
	if err != nil {
		return nil, "", err
	}
	addr = l.Addr().String()
	l.Close()
	_, port, _ := net.SplitHostPort(addr)
	cmd = exec.CommandContext(ctx, python, "-m", "uvicorn", "contender:app",
		"--port", port, "--log-level", "warning", "--no-access-log", "--backlog", "2048")
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1"), c.vars...)
	return cmd, addr, nil
}

// follow reads what the process prints.
func (p *Process) follow(stdout io.Reader, listening chan<- string) {
	defer close(p.read)
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if addr, ok := strings.CutPrefix(lines.Text(), "listening "); ok {
			listening <- addr
		}
	}
}

// ready waits until the process answers.
func (p *Process) ready(ctx context.Context) error {
	var err error
	for range 200 {
		var resp *http.Response
		if resp, err = http.Get(p.URL + "/hello/you"); err == nil {
			return resp.Body.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-p.read:
			return errors.New("the process has ended")
		case <-time.After(50 * time.Millisecond):
		}
	}
	return err
}

// PID is the process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Kill ends the process at once.
func (p *Process) Kill() {
	p.cmd.Process.Kill()
	<-p.read
	p.cmd.Wait() // it was killed, which is all that its error says
}
