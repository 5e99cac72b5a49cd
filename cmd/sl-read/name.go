package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/sandbox"
	"github.com/sl-suite/sl/lib/source"
	"github.com/sl-suite/sl/lib/stage"
)

// A name is what -f follows: whatever file has it now.
type name struct {
	Path   string // as the user wrote it
	Folder int    // the index of the folder that it is in
	Base   string
	Open   bool   // the first start found it there
	Audit  string // what goes for each file that has the name, see record.Source
}

// What a name's folder has to tell. A file that is written to is told of by its
// folder, too, under whatever name it has by then.
const events = unix.IN_MODIFY | unix.IN_CREATE | unix.IN_MOVED_TO | unix.IN_ATTRIB | unix.IN_ONLYDIR

// openToFollow opens what is there, and has the companion watch the folders. A file
// that is not there yet is waited for.
func (f *flags) openToFollow(first *stage.First) error {
	if err := bounded(len(f.Audit)+len(f.Files), sandbox.MaxInputs-1); err != nil {
		return err
	}
	if len(f.Audit)+len(f.Files) == 0 || slices.Contains(f.Files, "-") || slices.Contains(f.Audit, "-") {
		return stage.WithHint(errors.New("-f follows names, and standard input has none"), "without -f it is read as it comes, until its writer ends")
	}
	watch, err := unix.InotifyInit1(unix.IN_CLOEXEC)
	if err != nil {
		return fmt.Errorf("inotify: %w", err)
	}
	first.Companion = &sandbox.Handoff{Inputs: []int{watch}}
	for i, path := range slices.Concat(f.Audit, f.Files) {
		n, src, fd, err := f.openName(first, watch, path, i < len(f.Audit))
		if err != nil {
			first.Warn(path, 0, err)
			continue
		}
		f.Names, f.Sources = append(f.Names, n), append(f.Sources, src)
		if n.Open {
			first.Inputs = append(first.Inputs, fd)
		} else {
			first.Say(path + ": not there yet: waiting for it")
		}
	}
	if len(f.Names) == 0 {
		return errors.New("nothing is left to follow")
	}
	return nil
}

// openName opens one file, and its folder where that is a new one. A link is
// followed now and never again: its target's name is.
func (f *flags) openName(first *stage.First, watch int, path string, vouched bool) (n name, src record.Source, fd int, err error) {
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		target, err = filepath.EvalSymlinks(filepath.Dir(path))
		target = filepath.Join(target, filepath.Base(path))
	}
	if err == nil {
		target, err = filepath.Abs(target)
	}
	if err != nil {
		return n, src, -1, err
	}
	n = name{Path: path, Base: filepath.Base(target)}
	if n.Folder, err = folder(first.Companion, watch, filepath.Dir(target)); err != nil {
		return n, src, -1, err
	}
	open := source.Open
	switch {
	case vouched:
		n.Audit, open = record.AuditVouched, source.OpenAudit
	case source.IsAuditPath(target) && source.RootsFolder(source.AuditFolder):
		n.Audit = record.AuditPath
	}
	fd, src, err = open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		src.Path = path
		return n, src, -1, nil
	case err == nil && src.Kind != "file":
		unix.Close(fd)
		err = errors.New("only a regular file can be followed")
	}
	n.Open = true
	return n, src, fd, err
}

// folder returns the index of a folder in what the companion has.
func folder(c *sandbox.Handoff, watch int, path string) (int, error) {
	if i := slices.Index(c.Folders, path); i >= 0 {
		return i, nil
	}
	if len(c.Folders) == sandbox.MaxFolders {
		return 0, fmt.Errorf("in a folder more than the %d that can be followed in one run", sandbox.MaxFolders)
	}
	if _, err := unix.InotifyAddWatch(watch, path, events); err != nil {
		return 0, fmt.Errorf("inotify: %w", err)
	}
	c.Folders = append(c.Folders, path)
	return len(c.Folders) - 1, nil
}
