package scene

import (
	"os"
	"path/filepath"
)

const secret = "nobody's business\n"

func (s *Scene) makeFiles() error {
	for _, d := range []string{s.dir, s.Outside} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
	}
	if err := os.Chmod(s.Outside, 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(s.Secret, []byte(secret), 0o644); err != nil {
		return err
	}
	return s.refill()
}

// refill makes the folder that may be written to as it was in the beginning.
func (s *Scene) refill() error {
	if err := os.RemoveAll(s.Inside); err != nil {
		return err
	}
	for _, d := range []string{s.Inside, filepath.Join(s.Inside, "empty")} {
		if err := os.Mkdir(d, 0o755); err != nil {
			return err
		}
	}
	in := func(name string) string { return filepath.Join(s.Inside, name) }
	for name, mode := range map[string]os.FileMode{"file": 0o644, "other": 0o644, "program": 0o755} {
		if err := os.WriteFile(in(name), []byte("#!/bin/true\n"), mode); err != nil {
			return err
		}
	}
	if err := os.Symlink("../secret", in("link")); err != nil {
		return err
	}
	if err := os.Symlink("..", in("up")); err != nil {
		return err
	}
	if s.user == nil {
		return nil
	}
	for _, name := range []string{".", "empty", "file", "other", "program"} {
		if err := os.Chown(in(name), int(s.user.Uid), int(s.user.Gid)); err != nil {
			return err
		}
	}
	return nil
}
