"""Room: workflows, their steps, the labels of the steps, who may see them and how they are found."""
