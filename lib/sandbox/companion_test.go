package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
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
	switch Started() {
	case FirstStart:
		event, err := unix.InotifyInit1(unix.IN_CLOEXEC)
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(os.Stderr, enterBy(args[0], program, Handoff{Companion: &Companion{companion,
			Handoff{Inputs: []int{event}, Folders: []string{args[1]}, Blob: []byte("of the companion")}}}))
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
		fd, err := unix.Openat(in.Folders[0], fmt.Sprint(i), unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
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
