package broker

import (
	"fmt"
	"slices"

	"golang.org/x/sys/unix"
)

// A replacement is a file's next content.
type replacement struct {
	file
	was  snapshot // what stands there
	body []byte
	like snapshot // whose extended attributes, mode and owner the new file gets ...
	mode uint32   // ... or its mode, where like does not exist
}

// A transaction replaces files. Each is the old one or the new one at every
// moment, and none is touched before all new ones are on disk.
type transaction struct {
	sys  system
	temp []replacement // those whose temporary file was made, in the order in which they are renamed
	done int           // how many have been renamed
}

// replaceAll replaces the files of each group, the groups one after the other:
// when the first file of a group is touched, those of the group before it are on
// disk.
func replaceAll(sys system, groups ...[]replacement) error {
	t := transaction{sys: sys}
	defer t.discard()
	type place struct {
		dir  int
		name string
	}
	seen := make(map[place]bool)
	for _, r := range slices.Concat(groups...) {
		at := place{r.dir, r.name}
		if seen[at] {
			return fmt.Errorf("%s would be written twice", r.path)
		}
		seen[at] = true
		if err := t.prepare(r); err != nil {
			return err
		}
	}
	if err := t.unchanged(); err != nil {
		return err
	}
	for _, rs := range groups {
		if err := t.publish(rs); err != nil {
			return err
		}
	}
	return nil
}

// prepare writes the temporary file of r and syncs it.
func (t *transaction) prepare(r replacement) error {
	fd, err := r.create(t.sys)
	if err != nil {
		return err
	}
	t.temp = append(t.temp, r)
	err = t.fill(fd, r)
	// Some file systems say only at the close that the disk is full.
	if cerr := t.sys.close(fd); err == nil && cerr != nil {
		err = fmt.Errorf("close the new %s: %w", r.path, cerr)
	}
	return err
}

func (t *transaction) fill(fd int, r replacement) error {
	if err := writeAll(t.sys, fd, r.body); err != nil {
		return fmt.Errorf("write the new %s: %w", r.path, err)
	}
	if r.like.exists {
		if err := dress(t.sys, fd, r.like, r.path); err != nil {
			return err
		}
	} else if err := t.sys.fchmod(fd, r.mode); err != nil { // whatever the umask is
		return fmt.Errorf("set the mode of the new %s: %w", r.path, err)
	}
	if err := t.sys.fsync(fd); err != nil {
		return fmt.Errorf("sync the new %s: %w", r.path, err)
	}
	return nil
}

// unchanged holds every target against what stood there when it was read.
func (t *transaction) unchanged() error {
	for _, r := range t.temp {
		now, err := r.snap(t.sys)
		if err != nil {
			return err
		}
		if !now.same(r.was) {
			return fmt.Errorf("%s: changed by somebody else since it was read; run again", r.path)
		}
	}
	return nil
}

// publish renames rs into place, in order, and syncs their folders.
func (t *transaction) publish(rs []replacement) error {
	var dirs []int
	for _, r := range rs {
		if err := t.rename(r); err != nil {
			return fmt.Errorf("rename the new %s into place: %w (files replaced before: %d)", r.path, err, t.done)
		}
		t.done++
		if !slices.Contains(dirs, r.dir) {
			dirs = append(dirs, r.dir)
		}
	}
	for _, dir := range dirs {
		if err := t.sys.fsync(dir); err != nil {
			return fmt.Errorf("sync the folder of %s: %w (files replaced, perhaps not yet on disk: %d)", rs[0].path, err, t.done)
		}
	}
	return nil
}

// rename replaces the target. A new one is made without overwriting what may
// have come up there meanwhile, on every file system that knows how.
func (t *transaction) rename(r replacement) error {
	if !r.was.exists {
		err := t.sys.renameat2(r.dir, tempName(r.name), r.name, unix.RENAME_NOREPLACE)
		if err != unix.EINVAL {
			return err
		}
	}
	return t.sys.renameat2(r.dir, tempName(r.name), r.name, 0)
}

// discard removes the temporary files that have not been renamed, after an
// error. What it cannot remove the next run will.
func (t *transaction) discard() {
	for _, r := range t.temp[t.done:] {
		_ = t.sys.unlinkat(r.dir, tempName(r.name))
	}
}
