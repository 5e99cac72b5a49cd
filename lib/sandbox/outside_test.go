package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// What the second start finds, before it has asked for anything.
func printFound() {
	say(fmt.Sprintf("environment %d", len(os.Environ())))
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		say("variable " + name)
	}
	for fd := range 1024 {
		if isOpen(fd) == nil {
			say(fmt.Sprintf("descriptor %d", fd))
		}
	}
}

// The first start leaves nothing behind, although the second would close it.
func TestFound(t *testing.T) {
	path := program(t)
	const want = "environment 4\nvariable " + marker + "\nvariable TZ\nvariable GOMAXPROCS\nvariable GODEBUG\n" +
		"descriptor 0\ndescriptor 1\ndescriptor 2\n"
	forEach(t, func(t *testing.T, u user) {
		c := u.command(path, "found")
		c.ExtraFiles = []*os.File{os.Stderr, os.Stderr, nil, os.Stderr}
		if e := finish(c); e.status != 0 || e.out != want {
			t.Errorf("%v; want %q", e, want)
		}
	})
}

// And the second closes what the first has left.
func TestLeftOpen(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		c := u.command(path, "left")
		c.ExtraFiles = []*os.File{nil, nil, os.Stderr, nil, os.Stderr}
		if e := finish(c); e.status != 0 || e.out != "nothing is left open\n" {
			t.Error(e)
		}
	})
}

// printLeft tries the descriptors that the policy "read" lets a program read from.
func printLeft() {
	for fd := firstInput; fd < 1024; fd++ {
		if _, err := unix.Read(fd, nil); err != unix.EBADF {
			say(fmt.Sprintf("%d is open", fd))
			return
		}
	}
	say("nothing is left open")
}

// What /proc tells of a locked-in process.
func TestSeenFromOutside(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		runtime.LockOSThread() // whose namespaces the process gets or leaves
		defer runtime.UnlockOSThread()
		uid, gid := os.Getuid(), os.Getgid()
		if u.credential != nil {
			uid, gid = int(u.credential.Uid), int(u.credential.Gid)
		}
		if u.name == "root" { // with groups to lose
			u.credential = &syscall.Credential{Groups: []uint32{1, 2}}
		}
		c, _ := ready(t, u, path)
		defer c.Wait()
		defer c.Process.Kill()
		pid := c.Process.Pid
		if u.name == "user-namespaces" {
			pid = childOf(t, pid)
		}
		status := statusOf(t, pid)
		if u.name == "root" { // whoever it is, it is one and the same for good
			uid, _ = strconv.Atoi(status["Uid"][0])
			gid, _ = strconv.Atoi(status["Gid"][0])
			if uid == 0 || gid == 0 {
				t.Errorf("user %d, group %d", uid, gid)
			}
		}
		bounding := fmt.Sprintf("%016x", 0)
		if !u.namespaces {
			bounding = strings.Join(statusOf(t, os.Getpid())["CapBnd"], " ")
		}
		for name, want := range map[string]string{
			"Uid": strings.TrimSpace(strings.Repeat(fmt.Sprint(uid, " "), 4)), "Gid": strings.TrimSpace(strings.Repeat(fmt.Sprint(gid, " "), 4)),
			"CapInh": "0000000000000000", "CapPrm": "0000000000000000", "CapEff": "0000000000000000", "CapAmb": "0000000000000000", "CapBnd": bounding,
			"NoNewPrivs": "1", "Seccomp": "2", "Seccomp_filters": "1", "CoreDumping": "0",
		} {
			if got, ok := status[name]; ok && strings.Join(got, " ") != want {
				t.Errorf("%s is %v, want %s", name, got, want)
			}
		}
		if groups := status["Groups"]; u.name == "root" && len(groups) > 0 {
			t.Errorf("groups %v", groups)
		}
		for _, thread := range tasks(t, pid) {
			if s := statusOf(t, thread); strings.Join(s["Seccomp"], "") != "2" || strings.Join(s["CapPrm"], "") != "0000000000000000" {
				t.Errorf("thread %d: %v", thread, s)
			}
		}
		seeNamespaces(t, u, pid)
		seeLimits(t, u, pid)
		// Of a process that cannot be dumped, the files in /proc are root's.
		if st := stat(t, fmt.Sprintf("/proc/%d/environ", pid)); st.Uid != 0 {
			t.Errorf("user %d may look at its memory", st.Uid)
		}
		fds, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
		if err == nil && os.Geteuid() == 0 && len(fds) != 5 {
			t.Errorf("descriptors %v, want 0, 1, 2 and the poller's two", fds)
		}
	})
}

func seeNamespaces(t *testing.T, u user, pid int) {
	t.Helper()
	if os.Geteuid() != 0 {
		return // only root may look
	}
	own := []string{"mnt", "net", "ipc", "uts", "cgroup"}
	if u.name == "user-namespaces" {
		own = append(own, "user")
	}
	for _, name := range own {
		theirs, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/%s", pid, name))
		if err != nil {
			t.Fatal(err)
		}
		ours, err := os.Readlink("/proc/thread-self/ns/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if (theirs != ours) != u.namespaces {
			t.Errorf("%s namespace: of its own %t, want %t", name, theirs != ours, u.namespaces)
		}
	}
	if !u.namespaces {
		return
	}
	root := fmt.Sprintf("/proc/%d/root", pid)
	var fs unix.Statfs_t
	if err := unix.Statfs(root, &fs); err != nil || fs.Type != unix.TMPFS_MAGIC || fs.Flags&unix.ST_RDONLY == 0 {
		t.Errorf("root folder: type %#x, flags %#x, %v", fs.Type, fs.Flags, err)
	}
	if names, err := os.ReadDir(root); err != nil || len(names) > 0 {
		t.Errorf("root folder: %v, %v", names, err)
	}
	mounts, err := os.ReadFile(fmt.Sprintf("/proc/%d/mountinfo", pid))
	if err != nil || strings.Count(string(mounts), "\n") != 1 {
		t.Errorf("mounts: %s, %v", mounts, err)
	}
}

func seeLimits(t *testing.T, u user, pid int) {
	t.Helper()
	limits := rlimits(pure, layout{}, 2)
	for i := range limits {
		if limits[i].name == "NOFILE" {
			limits[i].max -= 2 // lowered again at the end
		}
	}
	if u.namespaces {
		limits = append(limits, rlimit{"NPROC", unix.RLIMIT_NPROC, sharedProcesses}) // or fewer
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range limits {
		soft, hard := limitIn(string(text), want.name)
		if soft > want.max || hard > want.max {
			t.Errorf("limit %s is %d, %d; want %d", want.name, soft, hard, want.max)
		}
	}
}

// limitIn finds one line of /proc/PID/limits; no limit is the largest number, and so
// is a line that is not there.
func limitIn(text, name string) (soft, hard uint64) {
	lines := map[string]string{"CORE": "Max core file size", "MEMLOCK": "Max locked memory", "MSGQUEUE": "Max msgqueue size",
		"NICE": "Max nice priority", "RTPRIO": "Max realtime priority", "LOCKS": "Max file locks", "NOFILE": "Max open files",
		"DATA": "Max data size", "FSIZE": "Max file size", "NPROC": "Max processes"}
	soft, hard = ^uint64(0), ^uint64(0)
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, lines[name]+" "); ok {
			fmt.Sscan(rest, &soft, &hard) // "unlimited" is no number
		}
	}
	return soft, hard
}

func stat(t *testing.T, path string) (st unix.Stat_t) {
	t.Helper()
	if err := unix.Stat(path, &st); err != nil {
		t.Fatal(err)
	}
	return st
}

// statusOf is proc_pid_status(5), each value in words.
func statusOf(t *testing.T, pid int) map[string][]string {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	status := map[string][]string{}
	for line := range strings.Lines(string(b)) {
		name, value, _ := strings.Cut(line, ":")
		status[name] = strings.Fields(value)
	}
	return status
}

func tasks(t *testing.T, pid int) (ids []int) {
	t.Helper()
	names, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		id, _ := strconv.Atoi(n.Name())
		ids = append(ids, id)
	}
	return ids
}

// childOf returns the only child of a process.
func childOf(t *testing.T, pid int) int {
	t.Helper()
	names, err := filepath.Glob("/proc/[0-9]*/status")
	if err != nil {
		t.Fatal(err)
	}
	var children []int
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err == nil && strings.Contains(string(b), fmt.Sprintf("\nPPid:\t%d\n", pid)) {
			child, _ := strconv.Atoi(strings.Split(name, "/")[2])
			children = append(children, child)
		}
	}
	if len(children) != 1 {
		t.Fatalf("the children of %d are %v", pid, children)
	}
	return children[0]
}
