package cmd_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A job is a program with a companion, in the foreground of a terminal of its own, which
// is its standard error.
type job struct {
	*exec.Cmd
	keys  *os.File // the other end of the terminal
	input io.WriteCloser
	shown bytes.Buffer // on the terminal, when it has ended
	read  chan struct{}
}

// jobs are the programs that have a companion, under each user.
func jobs(t *testing.T, do func(t *testing.T, start func() *job)) {
	users := map[string]*syscall.Credential{"self": nil}
	if os.Geteuid() == 0 {
		users["nobody"] = &syscall.Credential{Uid: 65534, Gid: 65534}
	}
	for user, credential := range users {
		dir, err := os.MkdirTemp("", "sl-job.")
		if err != nil {
			t.Fatal(err)
		}
		os.Chmod(dir, 0o755)
		t.Cleanup(func() { os.RemoveAll(dir) })
		log, local := filepath.Join(dir, "log"), filepath.Join(dir, "local")
		if err := os.WriteFile(log, []byte("line\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(local, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{dir, log, local} {
			if credential != nil {
				os.Chown(path, int(credential.Uid), int(credential.Gid))
			}
		}
		for _, args := range [][]string{{"sl-read", "-f", log}, {"sl-write", local}} {
			t.Run(user+" "+args[0], func(t *testing.T) {
				do(t, func() *job { return startJob(t, credential, args) })
			})
		}
	}
}

func startJob(t *testing.T, user *syscall.Credential, args []string) *job {
	t.Helper()
	keys, terminal := openTerminal(t)
	j := &job{Cmd: exec.Command(filepath.Join(bin, args[0]), args[1:]...), keys: keys, read: make(chan struct{})}
	j.SysProcAttr = &syscall.SysProcAttr{Credential: user, Setsid: true, Setctty: true, Ctty: 2}
	j.Stderr = terminal
	var err error
	if j.input, err = j.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := j.Start(); err != nil {
		t.Fatal(err)
	}
	terminal.Close()
	go func() {
		io.Copy(&j.shown, keys) // EIO when nobody has the terminal any more
		close(j.read)
	}()
	t.Cleanup(func() {
		j.input.Close()
		j.Process.Kill()
		j.Wait()
	})
	return j
}

func openTerminal(t *testing.T) (keys, terminal *os.File) {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	t.Cleanup(func() { keys.Close() })
	if err := unix.IoctlSetPointerInt(int(keys.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(keys.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	return keys, terminal
}

// processStat are the fields of proc_pid_stat(5) behind the name: the state is 0, the
// parent 1, the session 3, the terminal 4. It is nil where the process is gone.
func processStat(pid int) []string {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, ok := strings.Cut(string(b), ") ")
	if err != nil || !ok {
		return nil
	}
	return strings.Fields(rest)
}

// companion waits until a child of the job's has a filter, and leads a session.
func (j *job) companion(t *testing.T) int {
	t.Helper()
	var seen []string
	for range 500 {
		seen = nil
		processes, _ := filepath.Glob("/proc/[0-9]*")
		for _, process := range processes {
			pid, _ := strconv.Atoi(filepath.Base(process))
			st := processStat(pid)
			if len(st) < 5 || st[1] != fmt.Sprint(j.Process.Pid) || !filtered(pid) {
				continue
			}
			seen = append(seen, fmt.Sprintf("%d: session %s, terminal %s", pid, st[3], st[4]))
			if st[3] == fmt.Sprint(pid) && filtered(j.Process.Pid) {
				return pid
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("no child has a session of its own: %q", seen)
	return 0
}

func filtered(pid int) bool {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	return bytes.Contains(b, []byte("Seccomp:\t2\n"))
}

// gone waits for the end of a process.
func gone(pid int) bool {
	for range 500 {
		if st := processStat(pid); st == nil || st[0] == "Z" {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

// ends waits for the end of the job.
func (j *job) ends(t *testing.T) syscall.WaitStatus {
	t.Helper()
	alarm := time.AfterFunc(20*time.Second, func() { j.Process.Kill() })
	defer alarm.Stop()
	j.Wait()
	<-j.read
	return j.ProcessState.Sys().(syscall.WaitStatus)
}

// TestCompanionHasNoTerminal: nothing of a companion's is the caller's terminal, and a
// key that ends the program ends it, too.
func TestCompanionHasNoTerminal(t *testing.T) {
	jobs(t, func(t *testing.T, start func() *job) {
		j := start()
		pid := j.companion(t)
		if st := processStat(pid); st[4] != "0" {
			t.Errorf("its terminal is %s", st[4])
		}
		for fd := range 3 {
			link, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", pid, fd))
			if os.Geteuid() == 0 && !strings.HasSuffix(link, "/null") {
				t.Errorf("descriptor %d is %q, %v", fd, link, err)
			}
		}
		if st := processStat(j.Process.Pid); st[3] != fmt.Sprint(j.Process.Pid) || st[4] == "0" {
			t.Errorf("the shell has lost the program: %q", st)
		}
		j.keys.WriteString("\x03")
		if ws := j.ends(t); ws.Signal() != syscall.SIGINT {
			t.Errorf("%#x after ^C, %q", ws, j.shown.String())
		}
		if !gone(pid) {
			t.Error("the companion lives on")
		}
	})
}

// TestProgramWithCompanionIsAJob: it stops, and goes on when it is told to. The kernel
// lets nobody stop a group by a key that no shell could let go on (an orphan), so the
// signals come from here.
func TestProgramWithCompanionIsAJob(t *testing.T) {
	jobs(t, func(t *testing.T, start func() *job) {
		j := start()
		j.companion(t)
		group := -j.Process.Pid
		for _, step := range []struct {
			signal syscall.Signal
			state  string
		}{{syscall.SIGSTOP, "T"}, {syscall.SIGCONT, "S"}} {
			syscall.Kill(group, step.signal)
			if !becomes(j.Process.Pid, step.state) {
				t.Errorf("%v: %q", step.signal, processStat(j.Process.Pid))
			}
		}
		syscall.Kill(group, syscall.SIGTERM)
		if ws := j.ends(t); ws.Signal() != syscall.SIGTERM {
			t.Errorf("%#x, %q", ws, j.shown.String())
		}
	})
}

func becomes(pid int, state string) bool {
	for range 500 {
		if st := processStat(pid); st != nil && st[0] == state {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

// TestCompanionsEndIsTold: how a companion ended stands in the program's message.
func TestCompanionsEndIsTold(t *testing.T) {
	jobs(t, func(t *testing.T, start func() *job) {
		for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGSYS} {
			j := start()
			pid := j.companion(t)
			syscall.Kill(pid, signal)
			if !gone(pid) {
				t.Fatal("the companion lives on")
			}
			io.WriteString(j.input, `{"v":1,"type":"rule","lang":"apparmor","profile":"foo","text":"\"/tmp/x\" r,","rule":{"class":"file"},"danger":0,"why":"x","evidence":{"count":1,"trust":"kernel","sample":{"file":"-","line":1}}}
{"v":1,"type":"end","stage":"sl-apparmor","version":"x","in":0,"out":1,"skipped":0,"errors":0,"lost":0,"layers":[]}
`)
			j.input.Close()
			ws := j.ends(t)
			if want := "was killed by " + unix.SignalName(signal); ws.ExitStatus() != 2 || !strings.Contains(j.shown.String(), want) {
				t.Errorf("status %d, %q; want %q", ws.ExitStatus(), j.shown.String(), want)
			}
		}
	})
}

// TestCheckersEndWithTheProgram: what the companion runs ends, too, even where it cannot
// act by itself.
func TestCheckersEndWithTheProgram(t *testing.T) {
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip(err)
	}
	dir, err := os.MkdirTemp("", "sl-nft.")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	os.Chmod(dir, 0o755)
	file := filepath.Join(dir, "x.nft")
	text := "add table inet t\nadd chain inet t c\n" + strings.Repeat("add rule inet t c tcp dport 22 accept\n", 3000)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	j := startJob(t, nil, []string{"sl-write", "-n", file})
	companion := j.companion(t)
	io.WriteString(j.input, `{"v":1,"type":"rule","lang":"netfilter","syntax":"nft","text":"add rule inet filter sl-input ip saddr 198.51.100.7 tcp dport 22 accept","rule":{"family":"ip"},"danger":0,"why":"x","evidence":{"count":1,"trust":"kernel","sample":{"file":"-","line":1}}}
{"v":1,"type":"end","stage":"sl-iptables","version":"x","in":0,"out":1,"skipped":0,"errors":0,"lost":0,"layers":[]}
`)
	j.input.Close()
	checker := child(companion)
	if checker == 0 {
		t.Fatalf("no checker was seen: %q", j.shown.String())
	}
	syscall.Kill(checker, syscall.SIGSTOP)
	j.Process.Kill()
	for _, pid := range []int{companion, checker} {
		if !gone(pid) {
			syscall.Kill(pid, syscall.SIGKILL)
			t.Errorf("%d lives on", pid)
		}
	}
}

// child waits for a child of a process's.
func child(parent int) int {
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end) && processStat(parent) != nil; {
		processes, _ := filepath.Glob("/proc/[0-9]*")
		for _, process := range processes {
			pid, _ := strconv.Atoi(filepath.Base(process))
			if st := processStat(pid); len(st) > 1 && st[1] == fmt.Sprint(parent) && st[0] != "Z" {
				return pid
			}
		}
	}
	return 0
}
