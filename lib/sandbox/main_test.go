package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sl-suite/sl/scripts/lab/act"
)

// The test binary is also the program that is confined: with this word as its
// first argument, and a role and the role's arguments after it.
const confinedWord = "confined"

// Confined is the main function of that program; it returns for the tests.
func Confined() {
	act.Executed(os.Args)
	if len(os.Args) < 3 || os.Args[1] != confinedWord {
		return
	}
	runtime.LockOSThread() // to the first thread: an act that is traced can then be waited for
	switch os.Args[2] {
	case "depth":
		os.Exit(depth(os.Args[3:]))
	case "waiter":
		os.Exit(attackedWaiter(os.Args[3:]))
	case "handed":
		os.Exit(handed(os.Args[3:]))
	case "runs":
		os.Exit(runs(os.Args[3:]))
	}
	os.Exit(confined(os.Args[2], os.Args[3:]))
}

// A user is one kind of user that a program may be started by.
type user struct {
	name       string
	credential *syscall.Credential // nil: the tests' own
	namespaces bool
}

// users are the three ways into the sandbox, as far as this process can take them.
func users(t testing.TB) []user {
	t.Helper()
	if os.Geteuid() != 0 {
		return []user{{"user", nil, false}, {"user-namespaces", nil, true}}
	}
	nobody := &syscall.Credential{Uid: 65534, Gid: 65534}
	return []user{{"root", nil, true}, {"user", nobody, false}, {"user-namespaces", nobody, true}}
}

// forEach runs a test for each kind of user.
func forEach(t *testing.T, test func(t *testing.T, u user)) {
	t.Helper()
	for _, u := range users(t) {
		t.Run(u.name, func(t *testing.T) { test(t, u) })
	}
}

// program copies the test binary to where every user can execute it.
func program(t testing.TB) string {
	t.Helper()
	if RaceDetector {
		t.Skip("the race detector needs cgo, and a confined program must not have it")
	}
	dir := openDir(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "confined")
	if err := os.WriteFile(path, b, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// openDir is a folder that every user can reach.
func openDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "sandbox-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// command is a confined program in a role, started by u.
func (u user) command(path, role string, args ...string) *exec.Cmd {
	way := "plain"
	if u.namespaces {
		way = "namespaces"
	}
	c := exec.Command(path, append([]string{confinedWord, role, way}, args...)...)
	c.SysProcAttr = &syscall.SysProcAttr{Credential: u.credential}
	c.Env = []string{"HOME=/", "SECRET=x"}
	return c
}

// An end is how a process ended, as a shell says it.
type end struct {
	status       int // the exit status, or 128 and the signal
	out, message string
}

// finish runs c to its end.
func finish(c *exec.Cmd) end {
	var out, message bytes.Buffer
	if c.Stdout == nil {
		c.Stdout = &out
	}
	c.Stderr = &message
	c.WaitDelay = time.Second
	if err := c.Start(); err != nil {
		return end{-1, "", err.Error()}
	}
	alarm := time.AfterFunc(30*time.Second, func() { c.Process.Kill() })
	defer alarm.Stop()
	status := shellStatus(c.Wait())
	return end{status, out.String(), message.String()}
}

// shellStatus is what a shell makes of the answer of Wait; -1 where it is no end.
func shellStatus(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		return -1
	case exit.Sys().(syscall.WaitStatus).Signaled():
		return 128 + int(exit.Sys().(syscall.WaitStatus).Signal())
	}
	return exit.ExitCode()
}

func (e end) String() string {
	return fmt.Sprintf("status %d, output %.300q, message %.600q", e.status, e.out, strings.TrimSpace(e.message))
}
