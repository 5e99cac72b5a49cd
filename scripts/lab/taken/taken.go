// Package taken builds programs that do something else than their own once they are
// locked in. The source stays as it is: go build reads some files from elsewhere
// (-overlay). It is for suites that try what no test of a program's own can.
package taken

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// A Build is one program.
type Build struct {
	Folder string // of its main package
	Output string // the file to write

	// Lock is the file that has the other Lock, below scripts/lab. There, the real one
	// is called lockAsEver.
	Lock string
	// Flags are for the linker.
	Flags string
	// Replace are further changes of text.
	Replace []Replacement
}

// A Replacement changes the text of a file, where it must be once.
type Replacement struct{ Package, File, Old, New string }

// Do builds the program.
func (b Build) Do() error {
	const sandbox = "github.com/sl-suite/sl/lib/sandbox"
	dir, err := os.MkdirTemp("", "taken-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	overlay := map[string]string{}
	changes := append([]Replacement{{sandbox, "lock.go", "func Lock(p Policy) (*Inside, error) {", "func lockAsEver(p Policy) (*Inside, error) {"}}, b.Replace...)
	for i, c := range changes {
		source, err := List(b.Folder, c.Package, "{{.Dir}}")
		if err != nil {
			return err
		}
		to := filepath.Join(dir, fmt.Sprint(i))
		if err := c.write(filepath.Join(source, c.File), to); err != nil {
			return err
		}
		overlay[filepath.Join(source, c.File)] = to
		if i == 0 {
			overlay[filepath.Join(source, "taken.go")] = filepath.Join(source, "..", "..", "scripts", "lab", b.Lock)
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return err
	}
	c := exec.Command("go", "build", "-C", b.Folder, "-overlay", file, "-trimpath", "-buildvcs=false", "-ldflags", "-s -w "+b.Flags, "-o", b.Output, ".")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", b.Folder, err, out)
	}
	return nil
}

func (r Replacement) write(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if n := bytes.Count(text, []byte(r.Old)); n != 1 {
		return fmt.Errorf("%s has %d times, and not once: %s", from, n, r.Old)
	}
	return os.WriteFile(to, bytes.Replace(text, []byte(r.Old), []byte(r.New), 1), 0o644)
}

// List asks go list, in the folder, for something of a package.
func List(folder, pkg, format string) (string, error) {
	out, err := exec.Command("go", "list", "-C", folder, "-f", format, pkg).Output()
	if err != nil {
		return "", fmt.Errorf("go list %s in %s: %w", pkg, folder, err)
	}
	return string(bytes.TrimSpace(out)), nil
}
