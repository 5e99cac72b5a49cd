package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/sl-suite/sl/scripts/lab/act"
	"github.com/sl-suite/sl/scripts/lab/scene"
)

func TestMain(m *testing.M) {
	beVictim()
	if err := os.Chdir("../../.."); err != nil { // the programs are named from there
		panic(err)
	}
	os.Exit(m.Run())
}

// From inside every program, under every user, nothing has its effect.
func TestNothingEscapes(t *testing.T) {
	dir, err := openDir()
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	some := programs
	if testing.Short() {
		some = programs[1:2]
	}
	all, err := build(dir, some)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	sum, err := suite{dir: dir, programs: all, acts: act.All(), out: &out}.run()
	if err != nil {
		t.Fatal(err)
	}
	if sum.escaped != 0 || sum.stopped < 120*len(some) {
		t.Error(out.String())
	}
	t.Log(strings.TrimSpace(out.String()))
}

// Outside of a sandbox the acts have their effect.
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
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "program")
	if err := scene.CopyProgram(self, path); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	n, err := baseline{program: path, acts: act.All(), out: &out}.run()
	if err != nil {
		t.Fatal(err)
	}
	t.Log(out.String())
	if n.missing > 0 || n.effects < 120 || n.seen < 60 {
		t.Errorf("%+v", n)
	}
}

func TestChoose(t *testing.T) {
	all, err := choose(nil)
	if err != nil || len(all) != len(programs) {
		t.Errorf("%v, %v", all, err)
	}
	one, err := choose([]string{"sl-write", "my/filter -p INSIDE"})
	if err != nil || len(one) != 4 || one[0].folder != "cmd/sl-write" || one[3].folder != "my/filter" || len(one[3].args) != 2 {
		t.Errorf("%v, %v", one, err)
	}
	for _, bad := range []string{"", "sl-nothing", "sl-parse -q"} {
		if got, err := choose([]string{bad}); err == nil {
			t.Errorf("%q: %v", bad, got)
		}
	}
}
