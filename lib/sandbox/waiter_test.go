package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/scripts/lab/act"
	"github.com/sl-suite/sl/scripts/lab/scene"
)

// attackedWaiter is a program of which the process that waits is taken over. Its
// arguments: the act and the scene, for that process has no input.
func attackedWaiter(args []string) int {
	a, ok := act.Find(args[0])
	sc, err := act.ParseScene(args[1])
	if !ok || err != nil {
		return 2
	}
	if !Second() {
		fmt.Fprintln(os.Stderr, enterBy("namespaces", pure, Handoff{}))
		return 3
	}
	o, err := parseOrder(os.Getenv(marker))
	if err == nil && o.role != waitsForAnother {
		if _, err := Lock(pure); err != nil {
			return 3 // the process that waits is gone already
		}
		for b := make([]byte, 4096); ; {
			if n, err := unix.Read(0, b); n <= 0 && err != unix.EINTR {
				return 0
			}
		}
	}
	if err == nil {
		err = lockWaiter(pure, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	a.Tell(sc, act.Say)
	return 0 // not reached
}

// The process that waits is confined by its own policy, and nothing gets out of
// that either.
func TestWaiterIsAttacked(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes hundreds of processes")
	}
	path := program(t)
	for _, u := range users(t) {
		if u.name == "user-namespaces" { // nobody waits for the others
			t.Run(u.name, func(t *testing.T) { attackWaiter(t, u, path) })
		}
	}
}

func attackWaiter(t *testing.T, u user, path string) {
	if err := scene.Isolate(); err != nil {
		t.Fatal(err)
	}
	sc, err := scene.New(filepath.Join(openDir(t), "scene"), u.credential, "")
	if err != nil {
		t.Fatal(err)
	}
	defer sc.Close()
	sc.OneOutput = true // its standard output is standard error
	tried := 0
	for _, a := range act.All() {
		if a.Folder || a.Name == "wait for a process" || a.Name == "ask whether a process has ended" { // which is what it is for
			continue
		}
		tried++
		how, err := sc.Try(a, path, confinedWord, "waiter", a.Name, sc.Text())
		if err != nil || how.Effect {
			t.Errorf("%s: %v, %v", a.Name, how, err)
		}
	}
	t.Logf("%d acts", tried)
}
