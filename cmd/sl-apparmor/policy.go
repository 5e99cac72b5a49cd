package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"

	"github.com/sl-suite/sl/lib/aapolicy/installed"
	"github.com/sl-suite/sl/lib/stage"
)

// defaultPolicy is read unless an option says otherwise, where it exists.
const defaultPolicy = "/etc/apparmor.d"

// Bounds of what is read of a policy.
const (
	maxPolicyFile  = 1 << 20
	maxPolicy      = 32 << 20
	maxPolicyFiles = 1 << 14
	maxFolders     = 16 // in each other
)

// open reads the policy files whole, for the second start has no files. They are
// taken apart there.
func (f *flags) open(first *stage.First) error {
	if f.NoPolicy {
		return nil
	}
	r := policyReader{dir: f.Policy}
	if r.dir == "" {
		r.dir = defaultPolicy
		if _, err := os.Stat(r.dir); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	if err := r.folder("", 0); err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	first.Blob = r.blob
	return nil
}

// policyReader collects the files below a folder: name and text in turns, each
// behind its length. A folder is a name with a slash at its end; a text behind
// the empty name is a problem.
type policyReader struct {
	dir          string
	blob         []byte
	files, bytes int
}

func (r *policyReader) put(name, text string) {
	for _, s := range []string{name, text} {
		r.blob = binary.AppendUvarint(r.blob, uint64(len(s)))
		r.blob = append(r.blob, s...)
	}
}

func (r *policyReader) problem(name string, why any) {
	r.put("", fmt.Sprintf("%s: %v", path.Join(r.dir, name), why))
}

// folder reads what is in one folder; name is "" for the policy's own. Links are
// followed, as apparmor_parser does.
func (r *policyReader) folder(name string, depth int) error {
	entries, err := os.ReadDir(path.Join(r.dir, name))
	if err != nil {
		return err
	}
	if name != "" {
		r.put(name+"/", "")
	}
	for _, e := range entries {
		entry := path.Join(name, e.Name())
		if installed.IgnoredName(entry) {
			continue
		}
		info, err := os.Stat(path.Join(r.dir, entry))
		switch {
		case err != nil && name == "disable": // a link to nothing switches a profile off, too
			r.put(entry, "")
		case err != nil:
			r.problem(entry, "left out: cannot be read")
		case info.IsDir() && depth >= maxFolders:
			r.problem(entry, fmt.Sprintf("left out: in more than %d folders", maxFolders))
		case info.IsDir():
			if err := r.folder(entry, depth+1); err != nil {
				r.problem(entry, "left out: cannot be read")
			}
		case info.Mode().IsRegular():
			r.file(entry)
		}
	}
	return nil
}

func (r *policyReader) file(name string) {
	if r.files++; r.files > maxPolicyFiles {
		r.problem(name, fmt.Sprintf("left out: more than %d files", maxPolicyFiles))
		return
	}
	text, err := readBounded(path.Join(r.dir, name))
	switch {
	case err != nil:
		r.problem(name, "left out: cannot be read")
	case len(text) > maxPolicyFile:
		r.problem(name, fmt.Sprintf("left out: more than %d bytes", maxPolicyFile))
	case r.bytes+len(text) > maxPolicy:
		r.problem(name, fmt.Sprintf("left out: the policy has more than %d bytes", maxPolicy))
	default:
		r.bytes += len(text)
		r.put(name, string(text))
	}
}

// readBounded reads a file up to one byte more than is taken.
func readBounded(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxPolicyFile+1))
}

// installedPolicy takes what open collected; nil where there is none.
func (f *flags) installedPolicy(blob []byte) (*installed.Policy, error) {
	if len(blob) == 0 {
		return nil, nil
	}
	files := make(map[string]string)
	var problems []string
	for rest := string(blob); rest != ""; {
		var part [2]string
		for i := range part {
			n, used := binary.Uvarint([]byte(rest[:min(len(rest), binary.MaxVarintLen64)]))
			if used <= 0 || n > uint64(len(rest)-used) {
				return nil, errors.New("handoff: not a policy")
			}
			part[i], rest = rest[used:used+int(n)], rest[used+int(n):]
		}
		if part[0] == "" {
			problems = append(problems, part[1])
		} else {
			files[part[0]] = part[1]
		}
	}
	dir := f.Policy
	if dir == "" {
		dir = defaultPolicy
	}
	return installed.New(dir, files, problems...), nil
}
