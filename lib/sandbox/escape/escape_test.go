package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/sandbox/internal/act"
	"github.com/sl-suite/sl/lib/sandbox/internal/scene"
)

func TestMain(m *testing.M) {
	if isVictim(os.Args) {
		runtime.LockOSThread() // to the first thread: an act that is traced can then be waited for
		os.Exit(victim(os.Args))
	}
	os.Exit(m.Run())
}

// From inside every program's policy, under every user, nothing has its effect.
// Programs with the same policy differ in their name only, so one stands for all;
// the command itself tries all five.
func TestNothingEscapes(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector needs cgo, and a confined program must not have it")
	}
	some, err := choose([]string{"sl-read", "sl-parse", "sl-write"})
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() {
		some = some[1:2]
	}
	var out bytes.Buffer
	sum, err := suite{programs: some, out: &out}.run()
	if err != nil {
		t.Fatal(err)
	}
	if sum.escaped != 0 || sum.stopped != sum.acts || sum.acts < 120 {
		t.Error(out.String())
	}
	t.Log(strings.TrimSpace(out.String()))
}

// Acts that have no effect even outside of a sandbox, on many a machine, and why.
// All others must have it there, or the suite would prove nothing.
var powerless = map[string]string{
	"a call that no kernel has":             "no kernel has it",
	"change the input and output privilege": "kernels without the port calls",
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
	"set up io_uring":                       "kernel.io_uring_disabled",
	"type into the terminal":                "dev.tty.legacy_tiocsti",
	"type into the terminal by the console": "only the machine's console can do it",
	"unshare: user":                         "a process with several threads cannot do it",
	"use an input and output port":          "kernels without the port calls",
	"watch a file system":                   "kernels without fanotify",
	"32-bit call: dup":                      "kernels without 32-bit programs",
	"32-bit call: getpid":                   "kernels without 32-bit programs",
	"32-bit call: socket":                   "kernels without 32-bit programs",
}

// lacks are refusals that say that the kernel has no such thing.
var lacks = []string{"EAFNOSUPPORT", "EPROTONOSUPPORT", "ESOCKTNOSUPPORT", "ENOSYS"}

// TestActsAct makes the acts outside of a sandbox, as root, in namespaces of their
// own: there they have their effect.
func TestActsAct(t *testing.T) {
	if raceDetector {
		t.Skip("a process of the race detector's cannot be forked by hand")
	}
	if os.Geteuid() != 0 {
		t.Skip("only root can have the effects")
	}
	if runtime.GOARCH != "amd64" {
		t.Skip("the list of acts without an effect is of x86-64")
	}
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "program")
	if err := scene.CopyProgram(self, path); err != nil {
		t.Fatal(err)
	}
	tried, effects := 0, 0
	for _, a := range act.All() {
		if a.Harmful || a.Folder {
			continue
		}
		tried++
		sc, err := scene.New(filepath.Join(dir, "scene"), nil)
		if err != nil {
			t.Fatal(err)
		}
		sc.Flags = unix.CLONE_NEWNS | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS
		how, err := sc.Try(a, path, victimWord, bareWord, a.Name, sc.Text())
		sc.Close()
		os.RemoveAll(filepath.Join(dir, "scene"))
		switch {
		case err != nil:
			t.Errorf("%s: %v", a.Name, err)
		case how.Effect:
			effects++
		case powerless[a.Name] != "" || slices.Contains(lacks, how.Text):
			t.Logf("%s: %s (%s)", a.Name, how.Text, powerless[a.Name])
		default:
			t.Errorf("%s: %s", a.Name, how.Text)
		}
	}
	t.Logf("%d of %d acts had their effect", effects, tried)
	if effects < 120 {
		t.Errorf("only %d of %d acts had their effect", effects, tried)
	}
}
