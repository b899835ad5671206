//go:build !unix

package main

import (
	"os/exec"
	"strconv"
)

// shell is a command that runs a line.
func shell(line string) *exec.Cmd { return exec.Command("cmd", "/C", line) }

// terminate ends all processes at once: there is no signal to ask them.
func (p *process) terminate() { p.kill() }

func (p *process) kill() {
	_ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(p.cmd.Process.Pid)).Run()
}
