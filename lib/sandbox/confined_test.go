package sandbox

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// roles are what a confined program of the tests does. Its first argument says by
// which way it is confined, the rest is the role's own.
var roles = map[string]struct {
	policy  Policy
	handoff func(args []string) Handoff
	do      func(in *Inside, args []string)
}{
	"copy":     {policy: pure, do: func(*Inside, []string) { copyAll(0) }},
	"layers":   {policy: pure, do: func(in *Inside, _ []string) { printLayers(in) }},
	"facts":    {policy: pure, do: func(*Inside, []string) { printFacts() }},
	"panic":    {policy: pure, do: func(*Inside, []string) { panic("on purpose") }},
	"nil":      {policy: pure, do: func(*Inside, []string) { var p *int; *p = 1 }},
	"overflow": {policy: pure, do: func(*Inside, []string) { debug.SetMaxStack(16 << 20); say(fmt.Sprint(overflow(1))) }},
	"memory":   {policy: least, do: func(*Inside, []string) { takeMemory() }},
	"deadlock": {policy: pure, do: func(*Inside, []string) { select {} }},
	"found":    {policy: pure},
	"left":     {policy: Policy{Calls: "read", Data: 1 << 30}, do: func(*Inside, []string) { printLeft() }},
	"omit":     {policy: pure, do: func(*Inside, []string) { copyAll(0) }},
	"exit":     {policy: pure, do: func(_ *Inside, a []string) { syscall.Exit(number(a[0])) }},
	"flood":    {policy: pure, do: func(*Inside, []string) { flood() }},
	"sleep":    {policy: pure, do: func(*Inside, []string) { say("ready"); time.Sleep(time.Minute) }},
	"load":     {policy: pure, do: func(*Inside, []string) { load() }},
	"least":    {policy: least, do: func(*Inside, []string) { load() }},
	"time":     {policy: pure, do: func(*Inside, []string) { say(time.Unix(0, 0).Local().String()) }},
	"open":     {policy: pure, do: func(*Inside, []string) { os.Open("/etc/passwd") }},
	"std":      {policy: pure, do: func(*Inside, []string) { copyFiles() }},
	"inputs": {
		policy: Policy{Calls: "read", Data: 1 << 30},
		handoff: func(a []string) (h Handoff) {
			for _, path := range a {
				fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
				if err != nil {
					panic(err)
				}
				h.Inputs = append(h.Inputs, fd)
			}
			return h
		},
		do: func(in *Inside, _ []string) {
			for _, fd := range in.Inputs {
				copyAll(fd)
			}
		},
	},
	"blob": {
		policy:  pure,
		handoff: func(a []string) Handoff { return Handoff{Blob: []byte(strings.Repeat(a[0], number(a[1])))} },
		do:      func(in *Inside, a []string) { say(fmt.Sprint(len(in.Blob), string(in.Blob[:min(10, len(in.Blob))]))) },
	},
	"write": {
		policy: Policy{Calls: "write", Data: 1 << 30},
		do:     func(in *Inside, a []string) { replaceFile(in, a) },
	},
}

var (
	pure  = Policy{Calls: "pure", Data: 1 << 30}
	least = Policy{Calls: "pure", Data: MinData}
)

// confined is the main function of such a program.
func confined(name string, args []string) int {
	role, ok := roles[name]
	if !ok {
		return 2
	}
	p, way, args := role.policy, args[0], args[1:]
	if !Second() {
		var h Handoff
		if p.Calls == "write" {
			h.Folders = strings.Split(args[0], ":")
		}
		if role.handoff != nil {
			h = role.handoff(args)
		}
		switch name {
		case "omit":
			fmt.Fprintln(os.Stderr, omit(way, p, omissions[args[0]].change))
			return 3
		case "left":
			fmt.Fprintln(os.Stderr, omit(way, p, leaveOpen))
			return 3
		}
		fmt.Fprintln(os.Stderr, enterBy(way, p, h))
		return 3
	}
	if name == "found" {
		printFound()
		return 0
	}
	in, err := Lock(p)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	role.do(in, args)
	syscall.Exit(0) // no hook of the test binary's may run
	return 0
}

// enterBy is Enter in its three ways. "namespaces" demands all that RequireAll
// demands but AppArmor, which few kernels that run tests have.
func enterBy(way string, p Policy, h Handoff) error {
	switch way {
	case "all":
		return Enter(p, h, RequireAll)
	case "plain":
		return Enter(p, h, Default)
	}
	return enter(p, h, true, false)
}

func say(text string) { unix.Write(1, []byte(text+"\n")) }

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

func copyAll(fd int) {
	b := make([]byte, 64<<10)
	for {
		n, err := unix.Read(fd, b)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			say("read: " + err.Error())
			return
		case n == 0:
			return
		}
		for out := b[:n]; len(out) > 0; {
			n, err := unix.Write(1, out)
			if err == unix.EINTR {
				continue
			}
			if err != nil {
				syscall.Exit(2)
			}
			out = out[n:]
		}
	}
}

// copyFiles uses the standard library's files, in the runtime's poller where they
// do not block.
func copyFiles() {
	b := make([]byte, 1000)
	for {
		n, err := os.Stdin.Read(b)
		if n == 0 || err != nil {
			return
		}
		if _, err := os.Stdout.Write(b[:n]); err != nil {
			syscall.Exit(2)
		}
	}
}

func printLayers(in *Inside) {
	for _, l := range in.Layers {
		say(fmt.Sprintf("%s %t %s", l.Name, l.On, l.Why))
	}
}

// printFacts says what can be said without a system call.
func printFacts() {
	say(fmt.Sprintf("args %d env %q procs %d", len(os.Args), os.Environ(), runtime.GOMAXPROCS(0)))
}

// overflow ends for n < 1, which it is never called with.
func overflow(n int) int {
	if n < 1 {
		return 0
	}
	return overflow(n+1) + n
}

var kept [][]byte

func takeMemory() {
	for {
		b := make([]byte, 16<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		kept = append(kept, b)
	}
}

func flood() {
	b := make([]byte, 64<<10)
	for {
		if _, err := unix.Write(1, b); err != nil && !errors.Is(err, unix.EINTR) {
			say(err.Error())
			syscall.Exit(9)
		}
	}
}

// load uses what of the runtime makes system calls: threads, timers, garbage,
// preemption.
func load() {
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			runtime.LockOSThread() // the thread ends with it
			time.Sleep(time.Millisecond)
		})
		wait.Go(func() {
			live := make([][]byte, 200)
			for i := range 2000 {
				live[i%len(live)] = make([]byte, 1024)
				if i%len(live) == 0 {
					time.Sleep(10 * time.Microsecond)
				}
			}
		})
	}
	spin := true
	wait.Go(func() {
		for i := 0; i < 1e8 && spin; i++ {
		}
	})
	for range 10 {
		runtime.GC()
	}
	wait.Wait()
	say("done")
}

// replaceFile does in every folder what a writer of rules does.
func replaceFile(in *Inside, _ []string) {
	check := func(what string, err error) {
		if err != nil {
			say(what + ": " + err.Error())
			syscall.Exit(1)
		}
	}
	for _, dir := range in.Folders {
		check("flock", unix.Flock(dir, unix.LOCK_EX|unix.LOCK_NB))
		old, err := unix.Openat(dir, "file", unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		check("open", err)
		var st unix.Stat_t
		check("fstat", unix.Fstat(old, &st))
		b := make([]byte, 100)
		n, err := unix.Read(old, b)
		check("read", err)
		names := make([]byte, 1000)
		_, err = unix.Flistxattr(old, names)
		check("flistxattr", err)
		next, err := unix.Openat(dir, "file.new", unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
		check("create", err)
		_, err = unix.Write(next, append([]byte("new "), b[:n]...))
		check("write", err)
		check("fchmod", unix.Fchmod(next, st.Mode&0o777))
		check("fchown", unix.Fchown(next, int(st.Uid), int(st.Gid)))
		check("fsync", unix.Fsync(next))
		check("close", unix.Close(next))
		check("close", unix.Close(old))
		check("rename", unix.Renameat2(dir, "file.new", dir, "file", 0))
		check("fsync of the folder", unix.Fsync(dir))
		spare, err := unix.Openat(dir, "spare", unix.O_WRONLY|unix.O_CREAT|unix.O_NOFOLLOW, 0o600)
		check("create", err)
		check("close", unix.Close(spare))
		check("unlink", unix.Unlinkat(dir, "spare", 0))
	}
	say("done")
}
