package main

import (
	"fmt"
	"io"
	"os/exec"
	"time"
)

// grace is how long a process may take to end when it is told to.
const grace = 10 * time.Second

// A process is a command with the processes that it has started in turn: "go run"
// starts the server as another one.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

// startProcess starts a command line.
func startProcess(line string, stdout, stderr io.Writer) (*process, error) {
	p := &process{cmd: shell(line), ended: make(chan struct{})}
	// Through pipes, since Wait then waits for all that hold their ends: the
	// server still has its port when "go run" has ended.
	p.cmd.Stdout, p.cmd.Stderr = struct{ io.Writer }{stdout}, struct{ io.Writer }{stderr}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	fmt.Fprintln(stderr, "bggen: started", line)
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait() // what went wrong, the process has said
	}()
	return p, nil
}

// stop ends the process and waits until it has ended. It does nothing for nil.
func (p *process) stop() {
	if p == nil {
		return
	}
	p.terminate()
	select {
	case <-p.ended:
	case <-time.After(grace):
		p.kill()
		<-p.ended
	}
}
