package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// act is one thing to do.
type act struct {
	verb
	name  string
	args  []string
	as    int // user
	owner int // of the files
}

func parse(words []string) (a act, err error) {
	for len(words) > 2 && (words[0] == "as" || words[0] == "of") {
		uid, err := strconv.Atoi(words[1])
		if err != nil {
			return a, err
		}
		if words[0] == "as" {
			a.as = uid
		} else {
			a.owner = uid
		}
		words = words[2:]
	}
	known := false
	a.name, a.args = words[0], words[1:]
	if a.verb, known = verbs[a.name]; !known || len(a.args) != a.verb.args {
		return a, fmt.Errorf("no act: %q", words)
	}
	return a, nil
}

// one does one act on this thread, which is not used again: in the profile, or by
// the program. It hands out the numbers of what it started, for it may not be
// allowed to end that.
func one(id, place string, words []string, started chan<- int) string {
	a, err := parse(words)
	if err != nil {
		return trouble(err)
	}
	// A root folder and mounts that are this thread's own.
	if err := unix.Unshare(unix.CLONE_FS | a.unshare); err != nil {
		return trouble(fmt.Errorf("unshare: %w", err))
	}
	if a.unshare != 0 {
		if err := unix.Mount("none", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
			return trouble(fmt.Errorf("private: %w", err))
		}
	}
	err = a.startPeers(started)
	if err == nil && a.prepare != nil {
		err = a.prepare(a.args, a.owner)
	}
	if err == nil && strings.HasPrefix(place, "/") {
		err = putProgram(place)
	}
	if err == nil && a.as != 0 {
		err = become(a.as)
	}
	if err != nil {
		return trouble(err)
	}
	if strings.HasPrefix(place, "/") {
		return a.run(place)
	}
	if a.outside != nil {
		return trouble(fmt.Errorf("%s needs a program of its own", a.name))
	}
	// The log names it: that is how a denial is known to belong to this act.
	if err := os.WriteFile("/proc/thread-self/comm", []byte(id), 0); err != nil {
		return trouble(err)
	}
	if err := setAttr("current", "changeprofile "+place); err != nil {
		return trouble(fmt.Errorf("into the profile %q: %w", place, err))
	}
	return answer(a.do(a.args))
}

// become makes this thread, and no other, one of the user.
func become(uid int) error {
	if _, _, errno := unix.RawSyscall(unix.SYS_SETGROUPS, 0, 0, 0); errno != 0 {
		return errno
	}
	if _, _, errno := unix.RawSyscall(unix.SYS_SETRESGID, uintptr(uid), uintptr(uid), uintptr(uid)); errno != 0 {
		return errno
	}
	if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, uintptr(uid), uintptr(uid), uintptr(uid)); errno != 0 {
		return errno
	}
	return nil
}

// setAttr writes to an attribute of this thread (apparmor's part of proc(5)).
func setAttr(name, value string) error {
	fd, err := unix.Open("/proc/thread-self/attr/apparmor/"+name, unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	_, err = unix.Write(fd, []byte(value))
	return err
}

// startPeers starts a process in the profile NAME for every argument "peer:NAME",
// and puts its number there.
func (a *act) startPeers(started chan<- int) error {
	for i, arg := range a.args {
		profile, ok := strings.CutPrefix(arg, "peer:")
		if !ok {
			continue
		}
		pid, err := startPeer(profile)
		if err == nil {
			started <- pid
			a.args[i] = strconv.Itoa(pid)
			err = awaitProfile(a.args[i], profile)
		}
		if err != nil {
			return fmt.Errorf("a peer in %q: %w", profile, err)
		}
	}
	return nil
}

// startPeer uses a thread of its own, for whose next exec the profile is set.
func startPeer(profile string) (pid int, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		if profile != "unconfined" {
			if err = setAttr("exec", "exec "+profile); err != nil {
				return
			}
		}
		pid, err = syscall.ForkExec(busybox, []string{"sleep", "1000"}, &syscall.ProcAttr{})
	}()
	<-done
	return pid, err
}

// awaitProfile waits until the process is in the profile: the news that an exec
// has worked comes a little before.
func awaitProfile(pid, profile string) error {
	for range 1000 {
		now, err := os.ReadFile("/proc/" + pid + "/attr/apparmor/current")
		if name, _, _ := strings.Cut(strings.TrimSpace(string(now)), " "); err != nil || name == profile {
			return err
		}
		time.Sleep(time.Millisecond)
	}
	return errors.New("it does not get there")
}

// putProgram makes a program of this one at the path.
func putProgram(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return err
	}
	return os.Link("/usr/bin/act", path)
}

// run lets the program do the act; or has it done to the program, which waits.
func (a *act) run(program string) string {
	argv := append([]string{program, a.name}, a.args...)
	if a.outside != nil {
		argv = []string{program, "wait"}
	}
	var in, out [2]int
	if err := unix.Pipe2(in[:], unix.O_CLOEXEC); err != nil {
		return trouble(err)
	}
	if err := unix.Pipe2(out[:], unix.O_CLOEXEC); err != nil {
		return trouble(err)
	}
	// A runtime that sends itself signals would have them denied.
	env := []string{"GODEBUG=asyncpreemptoff=1"}
	fds := []uintptr{uintptr(in[0]), uintptr(out[1]), uintptr(out[1])}
	pid, err := syscall.ForkExec(program, argv, &syscall.ProcAttr{Env: env, Files: fds})
	unix.Close(in[0])
	unix.Close(out[1])
	said := os.NewFile(uintptr(out[0]), "answer")
	defer said.Close()
	if err != nil {
		unix.Close(in[1])
		return trouble(fmt.Errorf("%s: %w", program, err))
	}
	result := ""
	if a.outside != nil {
		said.Read(make([]byte, len("ready\n")))
		result = answer(a.outside(pid, a.args))
	}
	unix.Close(in[1])
	all, err := io.ReadAll(said)
	var status unix.WaitStatus
	unix.Wait4(pid, &status, 0, nil)
	text := strings.TrimSpace(string(all))
	switch {
	case result != "":
		return result
	case status.Signaled() && status.Signal() == unix.SIGKILL:
		return "killed"
	case err != nil || text == "":
		return "?no answer"
	}
	return strings.ReplaceAll(text, "\n", " ")
}
