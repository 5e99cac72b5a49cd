package cmd_test

import (
	"debug/elf"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var programs = []string{"sl-read", "sl-parse", "sl-apparmor", "sl-iptables", "sl-write"}

// bin is the folder of the programs under test: built afresh, as scripts/build
// builds them, and readable by an ordinary user.
var bin string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "sl-bin.")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	os.Chmod(dir, 0o755)
	// The filter is a module of its own, as somebody else's would be.
	for _, module := range []string{".", "../testdata/filter"} {
		build := exec.Command("go", "build", "-C", module, "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", dir+"/", "./...")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
			return 1
		}
	}
	build := exec.Command("go", "build", "-o", dir+"/filtered", "../testdata/where/filtered.go")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		return 1
	}
	bin = dir
	return m.Run()
}

// lookAtSources has the test cache know what the programs under test are made of:
// it sees what a test looks at, and not what go build does.
func lookAtSources(t *testing.T) {
	t.Helper()
	for _, dir := range []string{"../cmd", "../lib", "../testdata/filter"} {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err == nil {
				_, err = os.Stat(path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestScripts runs testdata/script: what a user can see, by topic. A script that
// needs root or a tool says so by a condition, [root] or [exec:jq].
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	lookAtSources(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "../testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(e *testscript.Env) error {
			os.Chmod(e.WorkDir, 0o777) // an ordinary user works here, too
			e.Setenv("PATH", bin+":"+e.Getenv("PATH")+":/usr/sbin:/sbin")
			e.Setenv("ROOT", root)
			e.Setenv("LOGS", filepath.Join(root, "testdata", "logs"))
			e.Setenv("RECORDED", filepath.Join(root, "testdata", "recorded"))
			// nobody is an ordinary user everywhere
			e.Setenv("USER", "setpriv --reuid=65534 --regid=65534 --clear-groups")
			return nil
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "root":
				return os.Getuid() == 0, nil
			case "userns": // an ordinary user can make one
				try := exec.Command("unshare", "-Urn", "true")
				if os.Getuid() == 0 {
					try.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
				}
				return try.Run() == nil, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
	})
}

// TestStatic: the programs need nothing of the system at run time.
func TestStatic(t *testing.T) {
	for _, name := range programs {
		f, err := elf.Open(filepath.Join(bin, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, p := range f.Progs {
			if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
				t.Errorf("%s is linked dynamically", name)
			}
		}
		f.Close()
	}
}
