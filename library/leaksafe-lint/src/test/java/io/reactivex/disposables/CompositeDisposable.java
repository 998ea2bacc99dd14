package io.reactivex.disposables;

/** Stands for the class of that name, which the lint knows by its name. */
public class CompositeDisposable {
  public boolean add(Object disposable) {
    return disposable != null;
  }

  public boolean remove(Object disposable) {
    return disposable != null;
  }
}
