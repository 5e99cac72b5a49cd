package scene

import (
	"os"
	"path/filepath"
)

const secret = "nobody's business\n"

func (s *Scene) makeFiles() error {
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(s.Secret, []byte(secret), 0o644); err != nil {
		return err
	}
	for _, refill := range []func() error{s.refillOutside, s.refillInside} {
		if err := refill(); err != nil {
			return err
		}
	}
	return nil
}

// refillOutside makes the folder that everybody may write to as it was in the
// beginning.
func (s *Scene) refillOutside() error {
	if err := os.RemoveAll(s.Outside); err != nil {
		return err
	}
	if err := os.Mkdir(s.Outside, 0o755); err != nil {
		return err
	}
	if err := os.Chmod(s.Outside, 0o777); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.Outside, "there"), nil, 0o644)
}

// inside is what the folder holds that a program may write to. The contents are
// different, and the program says so when it is executed.
var inside = map[string]string{
	"file":    "a file\n",
	"other":   "another file\n",
	"program": "#!/bin/echo executed\n",
}

// refillInside makes that folder as it was in the beginning.
func (s *Scene) refillInside() error {
	if err := os.RemoveAll(s.Inside); err != nil {
		return err
	}
	for _, d := range []string{".", "empty", "policy", "policy/local"} {
		if err := os.Mkdir(filepath.Join(s.Inside, d), 0o755); err != nil {
			return err
		}
	}
	in := func(name string) string { return filepath.Join(s.Inside, name) }
	for name, text := range inside {
		mode := os.FileMode(0o644)
		if name == "program" {
			mode = 0o755
		}
		if err := os.WriteFile(in(name), []byte(text), mode); err != nil {
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
	for _, name := range []string{".", "empty", "policy", "policy/local", "file", "other", "program"} {
		if err := os.Chown(in(name), int(s.user.Uid), int(s.user.Gid)); err != nil {
			return err
		}
	}
	return nil
}
