package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// handed is a program with a companion: what it does, and what the companion does
// for it. Its argument is a folder.
func handed(args []string) int {
	program := Policy{Calls: "follow", Data: MinData}
	companion := Policy{Calls: "open", Data: MinData}
	role, _ := Started()
	switch role {
	case FirstStart:
		event, err := unix.InotifyInit1(unix.IN_CLOEXEC)
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(os.Stderr, enterBy(args[0], program, Handoff{Companion: &Companion{Policy: companion,
			Handoff: Handoff{Inputs: []int{event}, Folders: []string{args[1]}, Blob: []byte("of the companion")}}}))
		return 3
	case CompanionItself:
		in, err := Lock(companion)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 3
		}
		opens(in, args[2])
	default: // with the companion, or waiting for the process that has it
		in, err := Lock(program)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 3
		}
		asks(in)
	}
	syscall.Exit(0)
	return 0
}

// opens hands over the files "0", "1" ... of its folder, and tells what it cannot
// open. Then it waits for its end.
func opens(in *Inside, files string) {
	n, _ := strconv.Atoi(files)
	for i := range n {
		fd, err := unix.Openat(in.Folders[0], fmt.Sprint(i), unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
		if err != nil {
			in.Send([]byte(err.Error()), -1)
			continue
		}
		in.Send(in.Blob, fd)
		unix.Close(fd)
	}
	in.Send([]byte("that is all"), -1)
	if files == "3" {
		syscall.Exit(0) // the program sees the end of the socket
	}
	in.Wait()
}

// asks copies what it is handed.
func asks(in *Inside) {
	b := make([]byte, 100)
	for {
		n, fd, err := in.Receive(b)
		if err == io.EOF {
			say("the companion has ended")
			return
		}
		if err != nil {
			say(err.Error())
			return
		}
		say(string(b[:n]))
		if fd >= 0 {
			copyAll(fd)
			unix.Close(fd)
		}
	}
}

// TestCompanion: a companion opens what the program may not, root's one also what
// belongs to others, and hands it over. It ends with the program, and where it
// ends first the program learns of it.
func TestCompanion(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		dir := openDir(t)
		for i, mode := range []os.FileMode{0o600, 0o644} {
			name := filepath.Join(dir, fmt.Sprint(i))
			if err := os.WriteFile(name, fmt.Appendf(nil, "file %d\n", i), mode); err != nil {
				t.Fatal(err)
			}
			owner := 12345 // nobody's
			if u.credential != nil {
				owner = int(u.credential.Uid)
			}
			if os.Geteuid() == 0 {
				os.Chown(name, owner, owner)
			}
		}
		if err := os.Symlink("/etc/passwd", filepath.Join(dir, "2")); err != nil {
			t.Fatal(err)
		}
		want := "of the companion\nfile 0\nof the companion\nfile 1\ntoo many levels of symbolic links\nthat is all\nthe companion has ended\n"
		if e := finish(u.command(path, "handed", dir, "3")); e.status != 0 || e.out != want || e.message != "" {
			t.Errorf("%v; want %q", e, want)
		}
	})
}

// TestCompanionEnds: nobody can kill the program and leave its companion behind.
func TestCompanionEnds(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		c := u.command(path, "handed", openDir(t), "0")
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		c.Stderr = os.Stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 100)
		if n, _ := out.Read(b); string(b[:n]) != "that is all\n" {
			t.Fatalf("%q", b[:n])
		}
		waitUntilFiltered(t, c.Process.Pid)
		before := processes(path)
		c.Process.Kill()
		c.Wait()
		if before < 2 {
			t.Errorf("%d processes: the companion is none of its own", before)
		}
		for range 1000 {
			if processes(path) == 0 {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Error("a process lives on")
	})
}

// processes counts those that were started with the path.
func processes(path string) (n int) {
	names, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, name := range names {
		if b, err := os.ReadFile(name); err == nil && bytes.HasPrefix(b, []byte(path+"\x00")) {
			n++
		}
	}
	return n
}

// TestCompanionFails: where the companion cannot be confined, nothing is begun.
func TestCompanionFails(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		e := finish(u.command(path, "handed", "/nonexistent", "1"))
		if e.status != 3 || e.out != "" || !strings.Contains(e.message, "/nonexistent") {
			t.Error(e)
		}
	})
}

// runs is a program whose companion runs a shell script, its third argument, and
// tells the program what it prints. The fourth is a folder of its own.
func runs(args []string) int {
	program, companion := Policy{Calls: "read", Data: MinData}, Policy{Calls: args[1], Data: 1 << 30}
	role, _ := Started()
	switch role {
	case FirstStart:
		h := Handoff{}
		if len(args) > 3 {
			h.Scratch = &Scratch{Path: args[3], Bytes: 1 << 20, Files: 16}
		}
		fmt.Fprintln(os.Stderr, enterBy(args[0], program, Handoff{Companion: &Companion{Policy: companion, Handoff: h}}))
		return 3
	case CompanionItself:
		in, err := Lock(companion)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 3
		}
		c := exec.Command("/bin/sh", "-c", args[2])
		c.Dir, c.Env, c.Stdin = "/", []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}, strings.NewReader("")
		out, err := c.CombinedOutput()
		unix.Write(in.Socket, fmt.Appendf(out, "%v\n", err))
		in.Wait()
	default:
		in, err := Lock(program)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 3
		}
		b := make([]byte, 64<<10)
		n, _ := unix.Read(in.Socket, b)
		unix.Write(1, b[:n])
	}
	syscall.Exit(0)
	return 0
}

// TestPrograms: the programs that a companion runs work, and can do no harm.
func TestPrograms(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		dir := openDir(t)
		os.Chmod(dir, 0o777) // everybody might write there
		secret := filepath.Join(dir, "secret")
		if err := os.WriteFile(secret, []byte("secret\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		os.Chmod(secret, 0o666)
		victim := exec.Command("sleep", "100")
		victim.SysProcAttr = &syscall.SysProcAttr{Credential: u.credential}
		if err := victim.Start(); err != nil {
			t.Fatal(err)
		}
		defer victim.Wait()
		defer victim.Process.Kill()
		uid := os.Geteuid()
		if u.credential != nil {
			uid = int(u.credential.Uid)
		}
		tests := []struct{ script, want string }{
			{"echo works; cat /etc/passwd | grep -c ^root:", "works\n1\n<nil>\n"},
			{"echo x >" + dir + "/new || echo no", "Permission denied|Read-only file system"},
			{"cat " + secret + " || echo no", "Permission denied"},
			{"echo x >" + secret + " || echo no", "Permission denied|Read-only file system"},
			{"cat /proc/self/environ || echo no", "Permission denied"},
			{"cat /dev/kmsg || echo no", "Permission denied"},
			{"echo x >/dev/tty || echo no", "Permission denied|No such device|Read-only"},
			{"unshare -U true || echo no", "no|Bad system call"},
			{"mount -t tmpfs none /mnt || echo no", "no|Bad system call"},
			{"chroot / true || echo no", "no|Bad system call"},
			{"nsenter -t 1 -n true || echo no", "no|Permission"},
			{fmt.Sprintf("kill -TERM %d || echo no", victim.Process.Pid), "not permitted|No such process"},
			{"cp /bin/true " + dir + "/t && " + dir + "/t || echo no", "no"},
			{"setpriv --reuid=0 true || echo no", "no"},
			{"id -u", ""},
			{"echo f >&5 || echo no", "Bad file descriptor"}, // the socket is the companion's
			{"cat </proc/$PPID/environ || echo no", "Permission denied|cannot open"},
		}
		for _, kind := range []string{"run", "run-network"} {
			for _, test := range tests {
				if strings.HasPrefix(test.script, "kill") && u.name != "root" && landlockABI() < 6 {
					t.Log("this kernel's Landlock lets an ordinary user's companion signal the user's other processes")
					continue
				}
				e := finish(u.command(path, "runs", kind, test.script))
				switch {
				case e.status == 3 && strings.Contains(e.message, "user namespace"):
					t.Skip("no user namespaces here: ", e.message)
				case test.script == "id -u" && uid == 0 && strings.HasPrefix(e.out, "0\n"), test.script == "id -u" && uid != 0 && !strings.HasPrefix(e.out, fmt.Sprintln(uid)):
					t.Errorf("%s: it runs as %v", kind, e)
				case e.status != 0 || !regexp.MustCompile(test.want).MatchString(e.out):
					t.Errorf("%s: %s: %v; want %q", kind, test.script, e, test.want)
				}
			}
			e := finish(u.command(path, "runs", kind, "ip link set lo up && ip -o link show up | wc -l"))
			if works := e.out == "1\n<nil>\n"; works != (kind == "run-network") {
				t.Errorf("%s: the network is its own: %v; %v", kind, works, e)
			}
		}
		if b, err := os.ReadFile(secret); err != nil || string(b) != "secret\n" {
			t.Errorf("%q, %v", b, err)
		}
		if names, err := os.ReadDir(dir); err != nil || len(names) != 1 {
			t.Errorf("%v, %v", names, err)
		}
		if err := victim.Process.Signal(syscall.Signal(0)); err != nil {
			t.Errorf("the victim: %v", err)
		}
	})
}

// TestCompanionsSession: the companion has /dev/null and a session of its own, and no other
// process of the program has: the shell's is in the shell's.
func TestCompanionsSession(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		c := u.command(path, "handed", openDir(t), "0")
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		defer c.Wait()
		defer c.Process.Kill()
		if n, _ := out.Read(make([]byte, 100)); n == 0 {
			t.Fatal("it does not start")
		}
		own, alone := 0, 0
		names, _ := filepath.Glob("/proc/[0-9]*/cmdline")
		for _, name := range names {
			if b, err := os.ReadFile(name); err != nil || !bytes.HasPrefix(b, []byte(path+"\x00")) {
				continue
			}
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
			session, err := unix.Getsid(pid)
			link, _ := os.Readlink(fmt.Sprintf("/proc/%d/fd/2", pid))
			null := strings.HasSuffix(link, "/null") || os.Geteuid() != 0
			switch callers, _ := unix.Getsid(0); {
			case err == nil && session == pid && null && pid != c.Process.Pid:
				own++
			case err == nil && session == callers:
				alone++
			default:
				t.Errorf("%d is in the session %d (%v), with %q", pid, session, err, link)
			}
		}
		if own != 1 || alone == 0 {
			t.Errorf("%d with a session of their own, %d in the caller's", own, alone)
		}
	})
}

// TestCompanionsFileSize: where the caller's outputs are files, whose size is not bounded
// for the program, the companion's bound stays.
func TestCompanionsFileSize(t *testing.T) {
	path := program(t)
	forEach(t, func(t *testing.T, u user) {
		out, err := os.Create(filepath.Join(t.TempDir(), "out"))
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		c := u.command(path, "runs", "run", "ulimit -f")
		c.Stdout, c.Stderr = out, out
		c.Run()
		got, err := os.ReadFile(out.Name())
		if strings.Contains(string(got), "user namespace") {
			t.Skipf("no user namespaces here: %s", got)
		}
		if err != nil || string(got) != fmt.Sprintf("%d\n<nil>\n", maxFileSize/512) {
			t.Errorf("%q, %v", got, err)
		}
	})
}
