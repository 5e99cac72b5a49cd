package sandbox

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestCopies(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		c := u.command(path, "copy")
		c.Stdin = strings.NewReader("a line\n")
		if e := finish(c); e.status != 0 || e.out != "a line\n" || e.message != "" {
			t.Error(e)
		}
	})
}

// The ends that a confined program can come to, as the shell sees them.
func TestStatus(t *testing.T) {
	path := program(t)
	tests := []struct {
		role    string
		args    []string
		status  int
		message string
	}{
		{"exit", []string{"0"}, 0, ""},
		{"exit", []string{"1"}, 1, ""},
		{"exit", []string{"77"}, 77, ""},
		{"panic", nil, 2, "panic: on purpose"},
		{"nil", nil, 2, "nil pointer dereference"},
		{"overflow", nil, 2, "stack overflow"},
		{"memory", nil, 2, "out of memory"},
		{"deadlock", nil, 2, "all goroutines are asleep"},
		{"open", nil, 128 + int(unix.SIGSYS), ""},
		{"load", nil, 0, ""},
		{"least", nil, 0, ""},
	}
	forEach(t, func(t *testing.T, u user) {
		for _, test := range tests {
			e := finish(u.command(path, test.role, test.args...))
			if e.status != test.status || !strings.Contains(e.message, test.message) || test.message == "" && e.message != "" {
				t.Errorf("%s %v: %v; want status %d, message %q", test.role, test.args, e, test.status, test.message)
			}
		}
	})
}

// A signal does to a confined program what it does to any.
func TestSignals(t *testing.T) {
	path := program(t)
	fatal := []unix.Signal{unix.SIGTERM, unix.SIGINT, unix.SIGHUP, unix.SIGQUIT, unix.SIGKILL, unix.SIGUSR1,
		unix.SIGSYS, unix.SIGABRT, unix.SIGALRM, unix.SIGXFSZ, unix.SIGPIPE}
	forEach(t, func(t *testing.T, u user) {
		for _, sig := range fatal {
			c, _ := ready(t, u, path)
			c.Process.Signal(sig)
			if status := shellStatus(c.Wait()); status != 128+int(sig) {
				t.Errorf("%v: status %d, want %d", sig, status, 128+int(sig))
			}
		}
		for _, sig := range []unix.Signal{unix.SIGURG, unix.SIGCHLD, unix.SIGWINCH, unix.SIGCONT} {
			c, _ := ready(t, u, path)
			c.Process.Signal(sig)
			c.Process.Signal(unix.SIGTERM)
			if status := shellStatus(c.Wait()); status != 143 {
				t.Errorf("%v: status %d, want 143", sig, status)
			}
		}
	})
}

// ready starts a program that sleeps, and waits until it is confined.
func ready(t *testing.T, u user, path string) (*exec.Cmd, io.Reader) {
	t.Helper()
	c := u.command(path, "sleep")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("%q, %v", line, err)
	}
	waitUntilFiltered(t, c.Process.Pid)
	return c, out
}

// waitUntilFiltered: the process that waits for another is confined at about the
// same time as that.
func waitUntilFiltered(t *testing.T, pid int) {
	t.Helper()
	for range 1000 {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			t.Skip("no /proc: ", err)
		}
		if strings.Contains(string(status), "\nSeccomp:\t2\n") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the process has no filter")
}

// Where the shell's process is killed, the one in the namespaces ends, too: its
// standard output is closed.
func TestChildFollows(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		c, out := ready(t, u, path)
		c.Process.Kill()
		gone := make(chan struct{})
		go func() {
			io.Copy(io.Discard, out)
			close(gone)
		}()
		select {
		case <-gone:
		case <-time.After(20 * time.Second):
			t.Error("the child lives on")
		}
		c.Wait()
	})
}

// nohup(1) stays in force.
func TestIgnoredSignal(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		inner := u.command(path, "sleep")
		c := exec.Command("sh", append([]string{"-c", `trap "" HUP; exec "$@"`, "sh"}, inner.Args...)...)
		c.SysProcAttr = inner.SysProcAttr
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		bufio.NewReader(out).ReadString('\n')
		waitUntilFiltered(t, c.Process.Pid)
		c.Process.Signal(unix.SIGHUP)
		c.Process.Signal(unix.SIGTERM)
		if status := shellStatus(c.Wait()); status != 143 {
			t.Errorf("status %d, want 143 of the second signal", status)
		}
	})
}

// A reader that leaves ends the program by SIGPIPE.
func TestReaderLeaves(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		c := u.command(path, "flood")
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		io.ReadFull(out, make([]byte, 100))
		out.Close()
		if status := shellStatus(c.Wait()); status != 141 {
			t.Errorf("status %d, want 141", status)
		}
	})
}

// Output to a file is not bounded, and nothing else can be written to.
func TestRegularOutput(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		f, err := os.CreateTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		c := u.command(path, "copy")
		c.Stdin, c.Stdout = bytes.NewReader(make([]byte, 1<<20)), f
		if e := finish(c); e.status != 0 {
			t.Error(e)
		}
		if st, err := f.Stat(); err != nil || st.Size() != 1<<20 {
			t.Errorf("%d bytes, %v", st.Size(), err)
		}
	})
}

// A standard input that does not block has the runtime's poller made before the
// checks, and os.Stdin works with it.
func TestNonBlockingInput(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		var p [2]int
		if err := unix.Pipe2(p[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
			t.Fatal(err)
		}
		r, w := os.NewFile(uintptr(p[0]), "r"), os.NewFile(uintptr(p[1]), "w")
		defer r.Close()
		c := u.command(path, "std")
		c.Stdin = r
		go func() {
			defer w.Close()
			for i := range 100 {
				fmt.Fprintln(w, i)
			}
		}()
		if e := finish(c); e.status != 0 || !strings.HasSuffix(e.out, "98\n99\n") {
			t.Error(e)
		}
	})
}

func TestTime(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		if e := finish(u.command(path, "time")); e.status != 0 || !strings.Contains(e.out, "1970-01-01 00:00:00 +0000 UTC") {
			t.Error(e)
		}
	})
}

func TestEnvironmentIsEmpty(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		e := finish(u.command(path, "facts", "x", "y"))
		if want := fmt.Sprintf("args 6 env [\"TZ=\"] procs %d\n", maxProcs()); e.status != 0 || e.out != want {
			t.Errorf("%v; want %q", e, want)
		}
	})
}

// Many starts, several at a time, and not one of them fails.
func TestManyStarts(t *testing.T) {
	starts := 200
	if testing.Short() {
		starts = 20
	}
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		turns := make(chan struct{}, 4)
		ends := make(chan end)
		for range starts {
			go func() {
				turns <- struct{}{}
				c := u.command(path, "copy")
				c.Stdin = strings.NewReader("x")
				e := finish(c)
				<-turns
				ends <- e
			}()
		}
		for range starts {
			if e := <-ends; e.status != 0 || e.out != "x" {
				t.Error(e)
			}
		}
	})
}

// Nothing of a process stays behind after its end: no mount, no process.
func TestNothingIsLeft(t *testing.T) {
	path := program(t)
	before, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		t.Skip("no /proc: ", err)
	}
	forEach(t, func(t *testing.T, u user) {
		finish(u.command(path, "copy"))
		after, err := os.ReadFile("/proc/self/mounts")
		if err != nil || !bytes.Equal(before, after) {
			t.Errorf("the mounts have changed:\n%s\n%s", before, after)
		}
		host, err := os.Hostname()
		if err != nil || host == nodeName {
			t.Errorf("the host's name is %q, %v", host, err)
		}
	})
}
