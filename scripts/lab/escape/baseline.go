package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/sl-suite/sl/scripts/lab/act"
	"github.com/sl-suite/sl/scripts/lab/scene"
)

// A baseline is the acts outside of a sandbox, as root, each in namespaces of its
// own: there they have their effect, or the suite would prove nothing.
type baseline struct {
	program string // that obeys
	acts    []act.Act
	harm    bool   // those that do the machine harm, too
	module  string // the file of a module to load
	out     io.Writer
}

// A count is what a baseline came to.
type count struct {
	effects int // had their effect
	seen    int // of these, so many were seen from outside
	none    int // had none, for a reason
	untried int // for a reason
	missing int // had none, or it was not seen, without a reason
}

func (b baseline) run() (count, error) {
	var n count
	dir, err := openDir()
	if err != nil {
		return n, err
	}
	defer os.RemoveAll(dir)
	for i, a := range b.acts {
		if why := b.leavesOut(a); why != "" {
			n.untried++
			fmt.Fprintf(b.out, "not tried %s: %s\n", a.Name, why)
			continue
		}
		how, err := b.try(a, filepath.Join(dir, strconv.Itoa(i)))
		if err != nil {
			return n, fmt.Errorf("%s: %w", a.Name, err)
		}
		word := "EFFECT"
		none := powerlessHere(a.Name) || slices.Contains(lacks, how.Text)
		switch {
		case how.Effect && (how.Seen || !a.Seen):
			n.effects++
			if how.Seen {
				n.seen++
				word = "SEEN"
			}
		case none:
			n.none++
			word = "none"
		case how.Effect:
			n.missing++
			word = "UNSEEN"
		default:
			n.missing++
			word = "MISSING"
		}
		fmt.Fprintf(b.out, "%-7s %s: %s\n", word, a.Name, how.Text)
	}
	fmt.Fprintf(b.out, "%d acts had their effect, %d of them for all to see; %d had none on this machine, %d were not tried, %d without a reason\n",
		n.effects, n.seen, n.none, n.untried, n.missing)
	return n, nil
}

func (b baseline) leavesOut(a act.Act) string {
	if a.Harm != "" && !b.harm {
		return "it " + a.Harm
	}
	return a.Moot
}

// try makes one act in a goroutine of its own, whose namespaces go with it.
func (b baseline) try(a act.Act, dir string) (how scene.Outcome, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err = scene.Isolate(); err != nil {
			return
		}
		var sc *scene.Scene
		if sc, err = scene.New(dir, nil, b.module); err != nil {
			return
		}
		defer sc.Close()
		how, err = sc.Try(a, b.program, victimWord)
	}()
	<-done
	return how, err
}

// powerless are acts that have no effect even outside of a sandbox, on many a
// machine, and why.
var powerless = map[string]string{
	"a call that no kernel has":             "no kernel has it",
	"change the input and output privilege": "kernels without the port calls",
	"choose processors for another":         "machines with one processor",
	"count a processor's events":            "virtual machines without counters",
	"give the terminal away":                "the hang-up ends the process",
	"join the first process's namespace":    "containers refuse it",
	"load a BPF program":                    "containers refuse it",
	"make a secret memory file":             "switched off on some kernels",
	"make a socket: ping":                   "net.ipv4.ping_group_range",
	"mount proc on the root folder":         "containers hide parts of proc",
	"open the kernel log":                   "containers refuse it",
	"read a file by its handle":             "file systems without handles",
	"read the kernel log by syslog":         "containers refuse it",
	"set an extended attribute":             "file systems without attributes of users",
	"set up io_uring":                       "kernel.io_uring_disabled",
	"undo the refusal of executable memory": "kernels before Linux 6.3",
	"unshare: user":                         "a process with several threads cannot do it",
	"use an input and output port":          "kernels without the port calls",
	"watch a file system":                   "kernels without fanotify",
	"32-bit call: dup":                      "kernels without 32-bit programs",
	"32-bit call: getpid":                   "kernels without 32-bit programs",
	"32-bit call: socket":                   "kernels without 32-bit programs",
}

func powerlessHere(act string) bool {
	return powerless[act] != "" || strings.HasPrefix(act, "type into the terminal") // dev.tty.legacy_tiocsti
}

// lacks are refusals that say that the kernel has no such thing.
var lacks = []string{"EAFNOSUPPORT", "EPROTONOSUPPORT", "ESOCKTNOSUPPORT", "ENOSYS"}
